// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally completion: what a shell completes on the command line of tally.
#include "Command.h"
#include <cstring>
#include <iostream>
#include <memory>
#include <sstream>

using namespace tally;

namespace {
/// One option as a shell sees it.
struct Completion {
  std::vector<std::string> names, values; ///< --format, -o; its values, if it has a list of them
  std::string description;
  bool takesValue;
};
} // namespace

/// "TEXT:{text,json}" has the values text and json.
static std::vector<std::string> valuesOf(const CLI::Option *option) {
  std::string type = option->get_type_name(), value;
  std::vector<std::string> values;
  size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos)
    return values;
  for (std::istringstream list(type.substr(begin + 1, end - begin - 1)); std::getline(list, value, ',');)
    values.push_back(value);
  return values;
}

static std::vector<Completion> optionsOf(const CLI::App *command) {
  std::vector<Completion> options;
  for (const CLI::Option *option : command->get_options()) {
    Completion completion{{}, valuesOf(option), option->get_description(), option->get_expected_max() != 0};
    for (const std::string &name : option->get_lnames())
      completion.names.push_back("--" + name);
    for (const std::string &name : option->get_snames())
      completion.names.push_back("-" + name);
    if (!completion.names.empty())
      options.push_back(completion);
  }
  return options;
}

static std::string join(const std::vector<std::string> &words, const char *separator) {
  std::string text;
  for (const std::string &word : words)
    text += (text.empty() ? "" : separator) + word;
  return text;
}

/// In single quotes, for any of the shells; fish knows \' and the others '\''.
static std::string quote(std::string text, const char *apostrophe) {
  for (size_t place = 0; (place = text.find('\'', place)) != std::string::npos; place += std::strlen(apostrophe))
    text.replace(place, 1, apostrophe);
  return "'" + text + "'";
}

using Commands = std::vector<CLI::App *>;

static void printBash(const Commands &commands) {
  std::vector<std::string> names;
  for (CLI::App *command : commands)
    names.push_back(command->get_name());
  std::cout << "_tally() {\n"
               "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
               "  COMPREPLY=()\n"
               "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
               "    COMPREPLY=($(compgen -W '" << join(names, " ") << " --help --version' -- \"$word\"))\n"
               "    return\n"
               "  fi\n"
               "  case \"${COMP_WORDS[1]} $before\" in\n";
  for (CLI::App *command : commands)
    for (const Completion &option : optionsOf(command))
      for (const std::string &name : option.names)
        if (!option.values.empty())
          std::cout << "  '" << command->get_name() << ' ' << name << "') words='" << join(option.values, " ") << "' ;;\n";
  std::cout << "  esac\n"
               "  if [ -z \"$words\" ] && [[ $word == -* ]]; then\n"
               "    case ${COMP_WORDS[1]} in\n";
  for (CLI::App *command : commands) {
    std::vector<std::string> all;
    for (const Completion &option : optionsOf(command))
      all.insert(all.end(), option.names.begin(), option.names.end());
    std::cout << "    " << command->get_name() << ") words='" << join(all, " ") << "' ;;\n";
  }
  std::cout << "    esac\n"
               "  fi\n"
               "  if [ -n \"$words\" ]; then\n"
               "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
               "  else\n"
               "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
               "  fi\n"
               "}\n"
               "complete -o filenames -F _tally tally\n";
}

static void printZsh(const Commands &commands) {
  std::cout << "#compdef tally\n"
               "local -a commands=(\n";
  for (CLI::App *command : commands)
    std::cout << "  " << quote(command->get_name() + ":" + command->get_description(), "'\\''") << "\n";
  std::cout << ")\n"
               "if (( CURRENT == 2 )); then\n"
               "  _describe command commands\n"
               "  return\n"
               "fi\n"
               "case $words[2] in\n";
  for (CLI::App *command : commands) {
    std::cout << command->get_name() << ")\n  _arguments '*:file:_files'";
    for (const Completion &option : optionsOf(command))
      for (const std::string &name : option.names) {
        std::string spec = name + "[";
        for (char c : option.description)
          spec += (c == '[' || c == ']' || c == ':' ? "\\" : "") + std::string(1, c);
        spec += "]";
        if (option.takesValue)
          spec += option.values.empty() ? ":value:_files" : ":value:(" + join(option.values, " ") + ")";
        std::cout << " \\\n    " << quote(spec, "'\\''");
      }
    std::cout << "\n  ;;\n";
  }
  std::cout << "esac\n";
}

static void printFish(const Commands &commands) {
  for (CLI::App *command : commands) {
    std::cout << "complete -c tally -n __fish_use_subcommand -f -a " << command->get_name() << " -d "
              << quote(command->get_description(), "\\'") << "\n";
    for (const Completion &option : optionsOf(command)) {
      std::cout << "complete -c tally -n '__fish_seen_subcommand_from " << command->get_name() << "'";
      for (const std::string &name : option.names)
        std::cout << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
      if (!option.values.empty())
        std::cout << " -x -a '" << join(option.values, " ") << "'";
      else if (option.takesValue)
        std::cout << " -r";
      std::cout << " -d " << quote(option.description, "\\'") << "\n";
    }
  }
}

void tally::addCompletionCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("completion", "print what a shell needs to complete tally's command lines");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([=, &app, &status] {
    Commands commands = app.get_subcommands([](CLI::App *) { return true; });
    (*shell == "bash" ? printBash : *shell == "zsh" ? printZsh : printFish)(commands);
    status = static_cast<int>(Status::Fine);
  });
}

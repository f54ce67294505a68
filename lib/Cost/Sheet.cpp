// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints tables as text, CSV, Markdown, LaTeX and JSON.
#include "tally/Cost/Sheet.h"
#include "tally/Support/CountText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tally;

using WordWriter = llvm::function_ref<std::string(llvm::StringRef)>;
using NumberWriter = llvm::function_ref<std::string(const Count &)>;

static std::string textOf(const Sheet::Cell &cell, WordWriter word, NumberWriter number) {
  const Count *count = std::get_if<Count>(&cell);
  return count ? number(*count) : word(std::get<std::string>(cell));
}

static std::string plain(llvm::StringRef word) { return word.str(); }
static std::string digits(const Count &count) { return count.str(); }

/// The texts of the heads, then of each row.
static std::vector<std::vector<std::string>> linesOf(const Sheet &sheet, WordWriter word, NumberWriter number) {
  std::vector<std::vector<std::string>> lines(1);
  for (const std::string &head : sheet.heads)
    lines.back().push_back(word(head));
  for (const std::vector<Sheet::Cell> &row : sheet.rows) {
    lines.emplace_back();
    for (const Sheet::Cell &cell : row)
      lines.back().push_back(textOf(cell, word, number));
  }
  return lines;
}

static bool isNumber(const Sheet &sheet, size_t column) {
  return !sheet.rows.empty() && std::holds_alternative<Count>(sheet.rows.front()[column]);
}

static void printColumns(const Sheet &sheet, llvm::raw_ostream &os) {
  auto lines = linesOf(sheet, plain, groupDigits);
  for (const std::vector<std::string> &line : lines) {
    for (size_t column = 0; column < line.size(); ++column) {
      size_t width = 0;
      for (const std::vector<std::string> &other : lines)
        width = std::max(width, other[column].size());
      os << (column ? "  " : "");
      if (isNumber(sheet, column))
        os << llvm::right_justify(line[column], width);
      else if (column + 1 < line.size())
        os << llvm::left_justify(line[column], width);
      else
        os << line[column];
    }
    os << '\n';
  }
}

static std::string quoteCsv(llvm::StringRef word) {
  if (word.find_first_of(",\"\n\r") == llvm::StringRef::npos)
    return word.str();
  std::string quoted = "\"";
  for (char c : word)
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

static void printCsv(const Sheet &sheet, llvm::raw_ostream &os) {
  for (const std::vector<std::string> &line : linesOf(sheet, quoteCsv, digits))
    os << llvm::join(line, ",") << '\n';
}

static std::string escapeMarkdown(llvm::StringRef word) {
  std::string escaped;
  for (char c : word)
    escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

static void printMarkdown(const Sheet &sheet, llvm::raw_ostream &os) {
  auto lines = linesOf(sheet, escapeMarkdown, groupDigits);
  for (const std::vector<std::string> &line : lines) {
    os << "| " << llvm::join(line, " | ") << " |\n";
    if (&line != &lines.front())
      continue;
    for (size_t column = 0; column < line.size(); ++column)
      os << (isNumber(sheet, column) ? "|---:" : "|---");
    os << "|\n";
  }
}

static std::string escapeLatex(llvm::StringRef word) {
  std::string escaped;
  for (char c : word) {
    if (c == '\\')
      escaped += "\\textbackslash{}";
    else if (c == '~' || c == '^')
      escaped += std::string("\\") + c + "{}";
    else if (llvm::StringRef("_%&#${}").contains(c))
      escaped += std::string("\\") + c;
    else
      escaped += c;
  }
  return escaped;
}

static std::string numberOfLatex(const Count &count) {
  std::string digits;
  for (char c : groupDigits(count))
    digits += c == ',' ? "\\," : std::string(1, c);
  return "$" + digits + "$";
}

static void printLatex(const Sheet &sheet, llvm::raw_ostream &os) {
  os << "% \\usepackage{booktabs}\n\\begin{tabular}{";
  for (size_t column = 0; column < sheet.heads.size(); ++column)
    os << (isNumber(sheet, column) ? 'r' : 'l');
  os << "}\n\\toprule\n";
  auto lines = linesOf(sheet, escapeLatex, numberOfLatex);
  for (const std::vector<std::string> &line : lines)
    os << llvm::join(line, " & ") << " \\\\\n" << (&line == &lines.front() ? "\\midrule\n" : "");
  os << "\\bottomrule\n\\end{tabular}\n";
}

static void printJson(const Sheet &sheet, llvm::raw_ostream &os) {
  llvm::json::Array list;
  for (const std::vector<Sheet::Cell> &row : sheet.rows) {
    llvm::json::Object object;
    for (auto [head, cell] : llvm::zip_equal(sheet.heads, row))
      object[head] = textOf(cell, plain, digits);
    list.push_back(std::move(object));
  }
  os << llvm::formatv("{0:2}", llvm::json::Value(std::move(list))) << '\n';
}

void Sheet::print(llvm::StringRef format, llvm::raw_ostream &os) const {
  if (format == "csv")
    printCsv(*this, os);
  else if (format == "markdown")
    printMarkdown(*this, os);
  else if (format == "latex")
    printLatex(*this, os);
  else if (format == "json")
    printJson(*this, os);
  else
    printColumns(*this, os);
}

/// The phases that have a column of their own; data, initialization and averaging are what is left.
static constexpr Phase shownPhases[] = {Phase::Forward, Phase::Loss, Phase::Backward, Phase::Optimizer};

std::vector<std::string> tally::summaryHeads(Span span) {
  std::vector<std::string> heads{"parameters"};
  for (Phase phase : shownPhases)
    heads.push_back(stringifyPhase(phase).str());
  heads.insert(heads.end(), {"other", "operations"});
  if (span == Span::Run)
    heads.push_back("complexity");
  return heads;
}

std::vector<Sheet::Cell> tally::summaryRow(const CostReport &report) {
  std::vector<Sheet::Cell> row{report.parameters};
  Count total = report.operations().total(), other = total;
  for (Phase phase : shownPhases) {
    Count number = report.operationsOf(phase);
    other -= number;
    row.push_back(number);
  }
  row.insert(row.end(), {other, total});
  if (report.reported.span == Span::Run)
    row.push_back(report.complexity());
  return row;
}

Sheet tally::makeLayerSheet(const CostReport &report) {
  Sheet sheet{{"phase", "module", "layer", "op", "operations", "bytes_moved", "parameters"}, {}};
  for (const auto &[charge, layer] : report.layers)
    sheet.rows.push_back({stringifyPhase(charge.phase).str(), moduleOf(charge.layer).str(), charge.layer, charge.op, layer.operations.total(),
                          layer.bytesMoved, layer.parameters});
  return sheet;
}

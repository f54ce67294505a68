// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints tables as text, CSV, Markdown, LaTeX and JSON.
#include "tally/Cost/Sheet.h"
#include "tally/Cost/CostReport.h"
#include "tally/Support/CountText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tally;

/// The text of a cell, whose numbers are written by `number` and words by `word`.
static std::string textOf(const Sheet::Cell &cell, llvm::function_ref<std::string(const Count &)> number,
                          llvm::function_ref<std::string(llvm::StringRef)> word) {
  const Count *count = std::get_if<Count>(&cell);
  return count ? number(*count) : word(std::get<std::string>(cell));
}

static bool isNumber(const Sheet &sheet, size_t column) {
  return !sheet.rows.empty() && std::holds_alternative<Count>(sheet.rows.front()[column]);
}

static std::string plain(llvm::StringRef word) { return word.str(); }

void Sheet::printText(llvm::raw_ostream &os) const {
  std::vector<std::vector<std::string>> lines{heads};
  for (const std::vector<Cell> &row : rows) {
    lines.emplace_back();
    for (const Cell &cell : row)
      lines.back().push_back(textOf(cell, groupDigits, plain));
  }
  for (const std::vector<std::string> &line : lines) {
    for (size_t column = 0; column < line.size(); ++column) {
      size_t width = 0;
      for (const std::vector<std::string> &other : lines)
        width = std::max(width, other[column].size());
      os << (column ? "  " : "");
      if (isNumber(*this, column))
        os << llvm::right_justify(line[column], width);
      else if (column + 1 < line.size())
        os << llvm::left_justify(line[column], width);
      else
        os << line[column];
    }
    os << '\n';
  }
}

void Sheet::printCsv(llvm::raw_ostream &os) const {
  auto quote = [](llvm::StringRef word) {
    if (word.find_first_of(",\"\n\r") == llvm::StringRef::npos)
      return word.str();
    std::string quoted = "\"";
    for (char c : word)
      quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
  };
  llvm::ListSeparator headComma(",");
  for (const std::string &head : heads)
    os << headComma << quote(head);
  os << '\n';
  for (const std::vector<Cell> &row : rows) {
    llvm::ListSeparator comma(",");
    for (const Cell &cell : row)
      os << comma << textOf(cell, [](const Count &count) { return count.str(); }, quote);
    os << '\n';
  }
}

void Sheet::printMarkdown(llvm::raw_ostream &os) const {
  auto escape = [](llvm::StringRef word) {
    std::string escaped;
    for (char c : word)
      escaped += c == '|' ? "\\|" : std::string(1, c);
    return escaped;
  };
  for (const std::string &head : heads)
    os << "| " << escape(head) << ' ';
  os << "|\n";
  for (size_t column = 0; column < heads.size(); ++column)
    os << (isNumber(*this, column) ? "|---:" : "|---");
  os << "|\n";
  for (const std::vector<Cell> &row : rows) {
    for (const Cell &cell : row)
      os << "| " << textOf(cell, groupDigits, escape) << ' ';
    os << "|\n";
  }
}

void Sheet::printLatex(llvm::raw_ostream &os) const {
  auto escape = [](llvm::StringRef word) {
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
  };
  auto number = [](const Count &count) {
    std::string digits;
    for (char c : groupDigits(count))
      digits += c == ',' ? "\\," : std::string(1, c);
    return "$" + digits + "$";
  };
  os << "% \\usepackage{booktabs}\n\\begin{tabular}{";
  for (size_t column = 0; column < heads.size(); ++column)
    os << (isNumber(*this, column) ? 'r' : 'l');
  os << "}\n\\toprule\n";
  llvm::ListSeparator headAnd(" & ");
  for (const std::string &head : heads)
    os << headAnd << escape(head);
  os << " \\\\\n\\midrule\n";
  for (const std::vector<Cell> &row : rows) {
    llvm::ListSeparator columnAnd(" & ");
    for (const Cell &cell : row)
      os << columnAnd << textOf(cell, number, escape);
    os << " \\\\\n";
  }
  os << "\\bottomrule\n\\end{tabular}\n";
}

void Sheet::printJson(llvm::raw_ostream &os) const {
  llvm::json::Array list;
  for (const std::vector<Cell> &row : rows) {
    llvm::json::Object object;
    for (auto [head, cell] : llvm::zip_equal(heads, row))
      object[head] = textOf(cell, [](const Count &count) { return count.str(); }, plain);
    list.push_back(std::move(object));
  }
  os << llvm::formatv("{0:2}", llvm::json::Value(std::move(list))) << '\n';
}

void Sheet::print(llvm::StringRef format, llvm::raw_ostream &os) const {
  if (format == "csv")
    printCsv(os);
  else if (format == "markdown")
    printMarkdown(os);
  else if (format == "latex")
    printLatex(os);
  else if (format == "json")
    printJson(os);
  else
    printText(os);
}

/// The phases that have a column of their own; data, initialization and averaging are what is left.
static constexpr Phase shownPhases[] = {Phase::Forward, Phase::Loss, Phase::Backward, Phase::Optimizer};

std::vector<std::string> tally::summaryHeads() {
  std::vector<std::string> heads{"parameters"};
  for (Phase phase : shownPhases)
    heads.push_back(stringifyPhase(phase).str());
  heads.insert(heads.end(), {"other", "operations", "complexity"});
  return heads;
}

std::vector<Sheet::Cell> tally::summaryRow(const CostReport &report) {
  std::vector<Sheet::Cell> row{report.parameters};
  Count total = report.operations().total(), other = total;
  for (Phase phase : shownPhases) {
    auto entry = report.phases.find(phase);
    Count number = entry == report.phases.end() ? Count() : entry->second.total();
    other -= number;
    row.push_back(number);
  }
  row.insert(row.end(), {other, total, report.complexity()});
  return row;
}

Sheet tally::makeLayerSheet(const CostReport &report) {
  Sheet sheet{{"phase", "layer", "op", "operations", "parameters"}, {}};
  for (const auto &[charge, layer] : report.layers)
    sheet.rows.push_back({stringifyPhase(charge.phase).str(), charge.layer, charge.op, layer.operations.total(), layer.parameters});
  return sheet;
}

// Any bytes as a CSV file of customers: a table, or what is wrong at its line; and a table written
// out again is the same table.
#include <cstdint>
#include <cstdlib>

#include "crm/csv/csv.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    line += line.empty() ? "\"" : ",\"";
    for (char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  csv::Table table;
  try {
    table = csv::parse({reinterpret_cast<const char*>(data), size});
  } catch (const csv::Malformed& problem) {
    require(std::string_view(problem.what()).starts_with("line "));
    return 0;
  }
  std::string text = written(table.columns);
  for (const std::vector<std::string>& row : table.rows) {
    require(row.size() == table.columns.size());
    text += written(row);
  }
  const csv::Table again = csv::parse(text);
  require(again.columns == table.columns);
  // A row of one empty field is a blank line, which is skipped.
  if (table.columns.size() > 1) require(again.rows == table.rows);
  return 0;
}

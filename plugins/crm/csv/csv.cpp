#include "csv.h"

#include <algorithm>

namespace csv {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    if (rest_.substr(0, 3) == "\xEF\xBB\xBF") rest_.remove_prefix(3);
  }

  bool at_end() const { return rest_.empty(); }
  int line() const { return line_; }

  std::vector<std::string> record() {
    std::vector<std::string> fields;
    do {
      fields.push_back(!rest_.empty() && rest_.front() == '"' ? quoted() : bare());
    } while (take(','));
    take('\r');
    if (take('\n')) ++line_;
    return fields;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string bare() {
    const std::string_view field = rest_.substr(0, rest_.find_first_of(",\r\n"));
    rest_.remove_prefix(field.size());
    return std::string(field);
  }

  std::string quoted() {
    const int began = line_;
    std::string field;
    rest_.remove_prefix(1);
    for (;;) {
      if (rest_.empty()) {
        throw Malformed("line " + std::to_string(began) + ": a quote is not closed");
      }
      if (take('"')) {
        if (!take('"')) break;
        field += '"';
        continue;
      }
      if (rest_.front() == '\n') ++line_;
      field += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && std::string_view(",\r\n").find(rest_.front()) == std::string_view::npos) {
      throw Malformed("line " + std::to_string(line_) + ": text behind a closing quote");
    }
    return field;
  }

  std::string_view rest_;
  int line_ = 1;
};

}  // namespace

Table parse(std::string_view text) {
  Reader reader(text);
  Table table;
  while (!reader.at_end()) {
    const int line = reader.line();
    std::vector<std::string> fields = reader.record();
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (table.columns.empty()) {
      table.columns = std::move(fields);
      continue;
    }
    if (fields.size() != table.columns.size()) {
      throw Malformed("line " + std::to_string(line) + ": " + std::to_string(fields.size()) +
                      " fields, the header has " + std::to_string(table.columns.size()));
    }
    table.rows.push_back(std::move(fields));
  }
  if (table.columns.empty()) throw Malformed("line 1: no header");
  std::vector<std::string> names = table.columns;
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw Malformed("line 1: two columns are called '" + *twice + "'");
  return table;
}

}  // namespace csv

#include "statement.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace sql {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_name(char c) { return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

// How much at the beginning of `rest` is quoted or a comment; 0: nothing.
size_t literal_length(std::string_view rest, char before) {
  const auto until = [&](std::string_view end, size_t from) {
    const size_t at = rest.find(end, from);
    return at == std::string_view::npos ? rest.size() : at + end.size();
  };
  if (rest.starts_with("--")) return until("\n", 2);
  if (rest.starts_with("/*")) return until("*/", 2);
  if (rest[0] == '\'' || rest[0] == '"' || rest[0] == '`') {
    const bool escapes = rest[0] == '\'' && (before == 'E' || before == 'e');
    size_t at = 1;
    for (; at < rest.size(); ++at) {
      if (escapes && rest[at] == '\\') {
        ++at;
      } else if (rest[at] == rest[0]) {
        if (at + 1 < rest.size() && rest[at + 1] == rest[0]) {
          ++at;  // doubled: itself
        } else {
          return at + 1;
        }
      }
    }
    return rest.size();
  }
  if (rest[0] != '$' || in_name(before)) return 0;
  size_t tag = 1;
  while (tag < rest.size() && in_name(rest[tag])) ++tag;
  if (tag >= rest.size() || rest[tag] != '$') return 0;
  return until(rest.substr(0, tag + 1), tag + 1);
}

size_t place_length(std::string_view rest) {
  size_t at = 1;
  while (at < rest.size() && (in_name(rest[at]) || (rest[at] == '.' && at + 1 < rest.size() &&
                                                    begins_name(rest[at + 1])))) {
    ++at;
  }
  return at;
}

}  // namespace

bool Statement::names_path(std::string_view path) const {
  return std::find(names.begin(), names.end(), path) != names.end();
}

Statement parse_statement(std::string_view sql, char sign, std::string& problem) {
  Statement made;
  char before = ' ';
  bool over = false;
  while (!sql.empty()) {
    size_t length = literal_length(sql, before);
    const bool comment = sql.starts_with("--") || sql.starts_with("/*");
    const bool space = std::isspace(static_cast<unsigned char>(sql[0])) != 0;
    if (over && !comment && !space) problem = "more than one statement";
    if (length > 0) {
      made.text += sql.substr(0, length);
    } else if (sql.starts_with("::")) {
      length = 2;
      made.text += "::";
    } else if (sql[0] == ':' && sql.size() > 1 && begins_name(sql[1])) {
      length = place_length(sql);
      const std::string name(sql.substr(1, length - 1));
      auto found = std::find(made.names.begin(), made.names.end(), name);
      if (found == made.names.end()) found = made.names.insert(found, name);
      made.text += sign + std::to_string(found - made.names.begin() + 1);
    } else {
      length = 1;
      over |= sql[0] == ';';
      if (sql[0] != ';') made.text += sql[0];
    }
    before = sql[length - 1];
    sql.remove_prefix(length);
  }
  if (made.text.find_first_not_of(" \t\r\n") == std::string::npos) problem = "it is empty";
  return made;
}

bool claims_once(std::string_view sql) {
  static const std::regex conflict(R"(on\s+conflict\s*\()", std::regex::icase);
  return std::regex_search(sql.begin(), sql.end(), conflict);
}

}  // namespace sql

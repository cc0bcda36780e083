// Place of fields.h: finds the line of a field by reading the source's tokens. Lua keeps no lines
// of the fields of a table.
#include <algorithm>
#include <array>
#include <cctype>

#include "script/fields.h"

namespace relance {
namespace {

struct Token {
  enum class Kind : uint8_t { end, name, text, other } kind = Kind::end;
  std::string_view text;  // of a text: what stands between the quotes
  int line = 0;
};

class Scanner {
 public:
  Scanner(std::string_view source, int first_line) : source_(source) {
    while (line_ < first_line && at_ < source_.size()) skip_byte();
  }

  Token next() {
    skip_blank();
    if (at_ >= source_.size()) return {Token::Kind::end, {}, line_};
    const int line = line_;
    const size_t from = at_;
    const char first = source_[at_];
    if (first == '"' || first == '\'') return {Token::Kind::text, quoted(first), line};
    if (long_bracket()) return {Token::Kind::text, source_.substr(from, at_ - from), line};
    if (is_word(first)) {
      while (at_ < source_.size() && is_word(source_[at_])) ++at_;
      return {Token::Kind::name, source_.substr(from, at_ - from), line};
    }
    ++at_;
    const bool twice = at_ < source_.size() && source_[at_] == '=' &&
                       std::string_view("=~<>").find(first) != std::string_view::npos;
    if (twice) ++at_;
    return {Token::Kind::other, source_.substr(from, at_ - from), line};
  }

 private:
  static bool is_word(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) || byte == '_';
  }

  void skip_byte() { line_ += source_[at_++] == '\n' ? 1 : 0; }

  void skip_blank() {
    while (at_ < source_.size()) {
      if (std::isspace(static_cast<unsigned char>(source_[at_]))) {
        skip_byte();
      } else if (source_.substr(at_, 2) == "--") {
        at_ += 2;
        if (long_bracket()) continue;
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view quoted(char quote) {
    const size_t from = ++at_;
    while (at_ < source_.size() && source_[at_] != quote && source_[at_] != '\n')
      at_ += source_[at_] == '\\' ? 2 : 1;
    const std::string_view text = source_.substr(from, std::min(at_, source_.size()) - from);
    at_ = std::min(at_ + 1, source_.size());
    return text;
  }

  // Skips [[ ... ]] or [==[ ... ]==] if one begins here.
  bool long_bracket() {
    size_t level = at_ + 1;
    if (at_ >= source_.size() || source_[at_] != '[') return false;
    while (level < source_.size() && source_[level] == '=') ++level;
    if (level >= source_.size() || source_[level] != '[') return false;
    const std::string closing = "]" + std::string(level - at_ - 1, '=') + "]";
    const size_t end = std::min(source_.find(closing, level), source_.size() - closing.size());
    while (at_ < end + closing.size()) skip_byte();
    return true;
  }

  std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
};

// How deep a token leads in (1) or out (-1): brackets and blocks.
int step_of(const Token& token) {
  constexpr std::array<std::string_view, 7> kIn = {"{", "(", "[", "function", "if", "do", "repeat"};
  constexpr std::array<std::string_view, 5> kOut = {"}", ")", "]", "end", "until"};
  if (token.kind == Token::Kind::text || token.kind == Token::Kind::end) return 0;
  if (std::find(kIn.begin(), kIn.end(), token.text) != kIn.end()) return 1;
  return std::find(kOut.begin(), kOut.end(), token.text) != kOut.end() ? -1 : 0;
}

// Walks the entries of the table whose `{` was read last.
class Entries {
 public:
  explicit Entries(Scanner& scanner) : scanner_(scanner) {}

  // The line of the entry `wanted`, which is a name or the number of an item; 0: there is none. The
  // scanner then stands before the entry's value.
  int find(std::string_view wanted) {
    for (;;) {
      Scanner before = scanner_;
      const Token token = scanner_.next();
      if (token.kind == Token::Kind::end || token.text == "}") return 0;
      const std::string name = key(token);
      if (name.empty()) {
        scanner_ = before;
        if (wanted == std::to_string(++items_)) return token.line;
      } else if (name == wanted) {
        return token.line;
      }
      if (!skip_value()) return 0;
    }
  }

 private:
  // The name of `name =` or `["name"] =`; empty: it is an item. Moves behind the `=`.
  std::string key(const Token& token) {
    Scanner ahead = scanner_;
    std::string name(token.text);
    if (token.kind == Token::Kind::other && token.text == "[") {
      name = std::string(ahead.next().text);
      if (ahead.next().text != "]") return "";
    } else if (token.kind != Token::Kind::name) {
      return "";
    }
    if (ahead.next().text != "=") return "";
    scanner_ = ahead;
    return name;
  }

  // Moves behind the `,` after a value; false: the table ends.
  bool skip_value() {
    int depth = 0;
    for (;;) {
      const Token token = scanner_.next();
      if (token.kind == Token::Kind::end) return false;
      if (depth == 0 && token.kind == Token::Kind::other &&
          (token.text == "," || token.text == ";"))
        return true;
      depth += step_of(token);
      if (depth < 0) return false;
    }
  }

  Scanner& scanner_;
  int items_ = 0;
};

bool enter_table(Scanner& scanner) {
  for (Token token = scanner.next(); token.kind != Token::Kind::end; token = scanner.next()) {
    if (token.text == "{" && token.kind == Token::Kind::other) return true;
  }
  return false;
}

}  // namespace

Where Place::at() const {
  Scanner scanner(file->text, line);
  int found = line;
  for (const std::string& part : path) {
    if (!enter_table(scanner)) break;
    const int deeper = Entries(scanner).find(part);
    if (deeper == 0) break;
    found = deeper;
  }
  return {file->path, found};
}

Where Place::at(std::string_view field) const { return inside(field).at(); }

Place Place::inside(std::string_view field) const {
  Place place = *this;
  place.path.emplace_back(field);
  return place;
}

}  // namespace relance

#include "tidy/strip.h"

#include <cctype>
#include <regex>

namespace tidy {
namespace {

enum class In { code, block_comment, text, character, raw_text, preprocessor };

class Stripper {
 public:
  std::string line(const std::string& source) {
    std::string out(source.size(), ' ');
    if (in_ == In::code && source.find_first_not_of(' ') == source.find('#') &&
        source.find('#') != std::string::npos) {
      in_ = In::preprocessor;
    }
    for (size_t i = 0; i < source.size(); ++i) {
      if (in_ == In::code && source.compare(i, 2, "//") == 0) break;
      if (step(source, i)) out[i] = source[i];
    }
    const bool continued = !source.empty() && source.back() == '\\';
    if (in_ == In::preprocessor && !continued) in_ = In::code;
    return out;
  }

 private:
  // True when the character at `i` is code; may move `i` over what belongs to it.
  bool step(const std::string& source, size_t& i) {
    const char c = source[i];
    switch (in_) {
      case In::code: return step_code(source, i);
      case In::block_comment:
        if (source.compare(i, 2, "*/") == 0) leave(i, 1);
        return false;
      case In::raw_text:
        if (source.compare(i, 2, ")\"") == 0) leave(i, 1);
        return false;
      case In::text:
      case In::character:
        if (c == '\\') {
          ++i;
        } else if (c == (in_ == In::text ? '"' : '\'')) {
          in_ = In::code;
        }
        return false;
      case In::preprocessor: return false;
    }
    return false;
  }

  bool step_code(const std::string& source, size_t& i) {
    const char c = source[i];
    const bool after_word = i > 0 && std::isalnum(static_cast<unsigned char>(source[i - 1])) != 0;
    if (source.compare(i, 2, "/*") == 0) {
      in_ = In::block_comment;
      ++i;
    } else if (source.compare(i, 3, "R\"(") == 0) {
      in_ = In::raw_text;
      i += 2;
    } else if (c == '"') {
      in_ = In::text;
    } else if (c == '\'' && !after_word) {  // after a digit it separates thousands
      in_ = In::character;
    } else {
      return true;
    }
    return false;
  }

  void leave(size_t& i, size_t width) {
    in_ = In::code;
    i += width;
  }

  In in_ = In::code;
};

enum class Brace { scope, function, inside };

Brace kind_of(const std::string& before, bool in_function) {
  static const std::regex scope(R"(\b(namespace|class|struct|enum|union|extern)\b)");
  if (in_function) return Brace::inside;
  if (std::regex_search(before, scope) && before.find('(') == std::string::npos)
    return Brace::scope;
  return before.find('(') == std::string::npos ? Brace::inside : Brace::function;
}

}  // namespace

std::vector<std::string> strip(const std::vector<std::string>& lines) {
  Stripper stripper;
  std::vector<std::string> code;
  code.reserve(lines.size());
  for (const std::string& line : lines) code.push_back(stripper.line(line));
  return code;
}

std::vector<Function> functions_of(const std::vector<std::string>& code) {
  std::vector<Function> found;
  std::vector<Brace> open;
  std::string before;        // code since the last ';', '{' or '}'
  size_t before_line = 0;    // where it began
  size_t function_line = 0;  // where the open function began
  auto in_function = [&] { return !open.empty() && open.back() != Brace::scope; };
  for (size_t n = 0; n < code.size(); ++n) {
    for (char c : code[n]) {
      if (c == '{') {
        open.push_back(kind_of(before, in_function()));
        if (open.back() == Brace::function) function_line = before_line;
      } else if (c == '}' && !open.empty()) {
        if (open.back() == Brace::function) {
          found.push_back({function_line + 1, n - function_line + 1});
        }
        open.pop_back();
      }
      if (c == '{' || c == '}' || c == ';') {
        before.clear();
      } else if (c != ' ' || !before.empty()) {
        if (before.empty()) before_line = n;
        before += c;
      }
    }
    if (!before.empty()) before += ' ';
  }
  return found;
}

}  // namespace tidy

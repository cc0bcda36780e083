#include "script/mustache.h"

#include <kainjow/mustache.hpp>
#include <optional>
#include <stdexcept>

#include "script/format_value.h"
#include "script/template_set.h"

namespace relance {
namespace {

namespace km = kainjow::mustache;

constexpr size_t kMaxSections = 16;           // inside each other
constexpr size_t kMaxParsed = 512;            // texts that a thread keeps parsed
constexpr size_t kMostBytes = 1u << 20;       // of one rendered text
constexpr size_t kMostRepetitions = 100'000;  // of all sections of a text

struct OpenSection {
  std::string name;
  int line = 0;
};

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_name(std::string_view name) {
  if (name == ".") return true;
  if (name.empty() || name.front() == '.' || name.back() == '.') return false;
  for (char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.') return false;
  }
  return name.find("..") == std::string_view::npos;
}

// Reads the tags of one text, keeping count of lines and open sections.
class TagReader {
 public:
  TagReader(std::string_view text, const Where& where) : rest_(text), where_(where) {}

  Result<std::vector<std::string>> read() {
    for (;;) {
      const size_t open = rest_.find("{{");
      if (open == std::string_view::npos) break;
      pass(open);
      if (Status fits = read_tag(); !fits) return fits.error();
    }
    if (open_.empty()) return std::move(names_);
    where_.line = open_.back().line;
    return bad("the section '" + open_.back().name + "' is not closed",
               "add {{/" + open_.back().name + "}}");
  }

 private:
  Status read_tag() {
    const bool triple = rest_.starts_with("{{{");
    const std::string_view end = triple ? "}}}" : "}}";
    const size_t begin = triple ? 3 : 2;
    const size_t close = rest_.find(end, begin);
    if (close == std::string_view::npos)
      return bad("a tag is not closed", "add " + std::string(end));
    const std::string_view content = trimmed(rest_.substr(begin, close - begin));
    Status fits = triple ? take_name(content) : take(content);
    pass(close + end.size());
    return fits;
  }

  Status take(std::string_view content) {
    if (content.empty()) return bad("a tag is empty");
    const std::string_view name = trimmed(content.substr(1));
    switch (content[0]) {
      case '!': return {};
      case '#':
      case '^':
        open_.push_back({std::string(name), where_.line});
        if (open_.size() > kMaxSections) return bad("sections lie too deep inside each other");
        return take_name(name);
      case '/': return close_section(name);
      case '&': return take_name(name);
      case '>': return bad("partials ({{> ...}}) cannot be used", "write the text here");
      case '=': return bad("delimiters cannot be changed");
      default: return take_name(content);
    }
  }

  Status take_name(std::string_view name) {
    if (!is_name(name)) return bad("'" + std::string(name) + "' is not a name");
    if (name != ".") names_.emplace_back(name);
    return {};
  }

  Status close_section(std::string_view name) {
    if (open_.empty()) return bad("the section '" + std::string(name) + "' was never opened");
    if (open_.back().name != name) {
      return bad("the section '" + open_.back().name + "' must be closed before '" +
                 std::string(name) + "'");
    }
    open_.pop_back();
    return {};
  }

  void pass(size_t bytes) {
    where_.line +=
        static_cast<int>(std::count(rest_.begin(), rest_.begin() + static_cast<long>(bytes), '\n'));
    rest_.remove_prefix(bytes);
  }

  Error bad(std::string message, std::string hint = {}) const {
    return {Code::bad_template, std::move(message), where_, std::move(hint)};
  }

  std::string_view rest_;
  Where where_;
  std::vector<OpenSection> open_;
  std::vector<std::string> names_;
};

km::data to_data(DocView value, std::string_view locale, const Zone& zone);

km::data to_object(DocView record, std::string_view locale, const Zone& zone) {
  km::data object(km::data::type::object);
  for (const auto& [key, item] : record.items())
    object.set(std::string(key), to_data(item, locale, zone));
  return object;
}

km::data to_data(DocView value, std::string_view locale, const Zone& zone) {
  if (value.type() == DocType::record) return to_object(value, locale, zone);
  if (value.type() == DocType::list) {
    km::data list(km::data::type::list);
    for (const auto& item : value.items()) list.push_back(to_data(item.value, locale, zone));
    return list;
  }
  if (const auto truth = value.boolean()) return km::data(*truth);
  std::string text = format_value(value, locale, zone);
  return text.empty() ? km::data(false) : km::data(text);
}

// The longest list of each name, wherever it stands.
using Lengths = std::map<std::string, size_t, std::less<>>;

void add_lengths(std::string_view name, DocView value, Lengths& lengths) {
  if (value.type() == DocType::list) {
    size_t& longest = lengths.try_emplace(std::string(name)).first->second;
    longest = std::max(longest, value.size());
  }
  for (const auto& [key, item] : value.items())
    add_lengths(key.empty() ? name : key, item, lengths);
}

size_t length_of(std::string_view path, const Lengths& lengths) {
  size_t longest = 1;
  if (path == ".") {
    for (const auto& [name, length] : lengths) longest = std::max(longest, length);
    return longest;
  }
  const auto known = lengths.find(path.substr(path.rfind('.') + 1));
  return known == lengths.end() ? 1 : std::max<size_t>(1, known->second);
}

// How often sections are gone through at most: those of a list once an item, those inside as often
// for each. Lists come from outside, so a harmless text may become a large one.
size_t repetitions(std::string_view text, DocView values) {
  Lengths lengths;
  add_lengths("", values, lengths);
  std::vector<std::pair<size_t, size_t>> open = {{1, 0}};  // items; repetitions of what is inside
  for (size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const std::string_view tag = trimmed(text.substr(at + 2, text.find("}}", at) - at - 2));
    if (tag.starts_with('#') || tag.starts_with('^')) {
      open.emplace_back(length_of(trimmed(tag.substr(1)), lengths), 0);
    } else if (tag.starts_with('/') && open.size() > 1) {
      const auto [items, inside] = open.back();
      open.pop_back();
      open.back().second =
          std::min(open.back().second + items * (1 + inside), kMostRepetitions + 1);
    }
  }
  return open.front().second;
}

// Words, and a value behind them.
struct Piece {
  std::string words, name;
  bool escaped = false;
};
using Pieces = std::vector<Piece>;

// Of a text whose tags are variables only, as most are; nullopt: of another one.
std::optional<Pieces> pieces_of(std::string_view text) {
  Pieces pieces;
  for (;;) {
    const size_t open = text.find("{{");
    Piece piece{std::string(text.substr(0, open)), {}, true};
    if (open == std::string_view::npos) {
      pieces.push_back(std::move(piece));
      return pieces;
    }
    text.remove_prefix(open + 2);
    std::string_view end = "}}";
    if (text.starts_with('{') || text.starts_with('&')) {
      if (text.starts_with('{')) end = "}}}";
      text.remove_prefix(1);
      piece.escaped = false;
    }
    const size_t close = text.find(end);
    const std::string_view name = trimmed(text.substr(0, close));
    if (close == std::string_view::npos || name == "." || !is_name(name)) return std::nullopt;
    piece.name = name;
    pieces.push_back(std::move(piece));
    text.remove_prefix(close + end.size());
  }
}

struct ParsedText {
  std::optional<Pieces> pieces;
  std::optional<km::mustache> whole;  // where it has more than variables
};

// Parsing costs more than rendering, and a bundle has few texts: each thread keeps those that it
// used.
ParsedText& parsed(std::string_view text, bool html) {
  thread_local std::map<std::string, ParsedText, std::less<>> kept[2];
  auto& texts = kept[html ? 1 : 0];
  if (const auto found = texts.find(text); found != texts.end()) return found->second;
  if (texts.size() >= kMaxParsed) texts.clear();
  ParsedText& added = texts.try_emplace(std::string(text)).first->second;
  added.pieces = pieces_of(text);
  if (added.pieces) return added;
  added.whole.emplace(std::string(text));
  if (!html) added.whole->set_custom_escape([](const std::string& plain) { return plain; });
  return added;
}

void add_bounded(std::string& out, std::string_view more) {
  if (out.size() + more.size() > kMostBytes) throw std::length_error("it grows too long");
  out += more;
}

}  // namespace

Result<std::vector<std::string>> mustache_tags(std::string_view text, const Where& where) {
  return TagReader(text, where).read();
}

struct MustacheValues::Data {
  std::string locale;
  const Zone& zone;
  std::vector<Doc> given{};

  Doc merged() const {
    Doc all;
    for (const Doc& one : given) all = Doc::merged(all, one);
    return all;
  }
  // What a variable writes. A field of the latest record that has it stands for all earlier ones.
  std::string written(std::string_view path) const {
    const size_t dot = path.find('.');
    for (auto one = given.rbegin(); one != given.rend(); ++one)
      for (const auto& [name, value] : one->view().items()) {
        if (name != path.substr(0, dot)) continue;
        const DocView found =
            dot == std::string_view::npos ? value : value.find_path(path.substr(dot + 1));
        return is_written(found) ? format_value(found, locale, zone) : "";
      }
    return {};
  }
  static bool is_written(DocView value) {
    const DocType type = value.type();
    return type != DocType::record && type != DocType::list && type != DocType::boolean;
  }
  std::string render(const Pieces& pieces, bool html, size_t about) const {
    std::string out;
    out.reserve(about);
    for (const Piece& piece : pieces) {
      add_bounded(out, piece.words);
      if (piece.name.empty()) continue;
      const std::string text = written(piece.name);
      add_bounded(out, html && piece.escaped ? km::html_escape(text) : text);
    }
    return out;
  }
};

MustacheValues::MustacheValues(std::string_view locale, const Zone& zone)
    : data_(new Data{std::string(locale), zone}) {}

MustacheValues::MustacheValues(MustacheValues&&) noexcept = default;
MustacheValues::~MustacheValues() = default;

void MustacheValues::add(DocView record) { data_->given.emplace_back(record); }

Result<std::string> MustacheValues::render(std::string_view text, bool html) {
  try {
    const size_t about = text.size() + text.size() / 4;
    ParsedText& ready = parsed(text, html);
    if (ready.pieces) return data_->render(*ready.pieces, html, about);
    km::mustache& mustache = *ready.whole;
    if (!mustache.is_valid()) return Error{Code::bad_template, mustache.error_message(), {}, {}};
    const Doc values = data_->merged();
    if (text.find("{{#") != std::string_view::npos && repetitions(text, values) > kMostRepetitions)
      return Error{Code::bad_template, "its sections would be repeated too often", {}, {}};
    std::string out;
    out.reserve(about);
    mustache.render(to_object(values, data_->locale, data_->zone),
                    [&out](const std::string& piece) { add_bounded(out, piece); });
    if (mustache.is_valid()) return out;
    return Error{Code::bad_template, mustache.error_message(), {}, {}};
  } catch (const std::exception& problem) {
    return Error{
        Code::bad_template, std::string("the text cannot be rendered: ") + problem.what(), {}, {}};
  }
}

}  // namespace relance

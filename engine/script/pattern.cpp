#include "script/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace relance {
namespace {

constexpr size_t kLongest = 256;
constexpr int kMostCaptures = 32;
constexpr int64_t kPayEvery = 256;

bool belongs(char name, int byte) {
  switch (name) {
    case 'a': return std::isalpha(byte) != 0;
    case 'c': return std::iscntrl(byte) != 0;
    case 'd': return std::isdigit(byte) != 0;
    case 'g': return std::isgraph(byte) != 0;
    case 'l': return std::islower(byte) != 0;
    case 'p': return std::ispunct(byte) != 0;
    case 's': return std::isspace(byte) != 0;
    case 'u': return std::isupper(byte) != 0;
    case 'w': return std::isalnum(byte) != 0;
    case 'x': return std::isxdigit(byte) != 0;
    default: return false;
  }
}

struct Malformed {
  std::string why;
};

}  // namespace

class PatternParser {
 public:
  using Bytes = Pattern::Bytes;
  using Item = Pattern::Item;

  explicit PatternParser(std::string_view source) : source_(source) {}

  Pattern parse() {
    if (source_.size() > kLongest) throw Malformed{"a pattern has at most 256 bytes"};
    pattern_.anchored_ = !source_.empty() && source_[0] == '^';
    at_ = pattern_.anchored_ ? 1 : 0;
    while (at_ < source_.size()) item();
    if (!open_.empty()) throw Malformed{"a ( without its )"};
    return std::move(pattern_);
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  char take() {
    if (at_ >= source_.size()) throw Malformed{"it ends too early"};
    return source_[at_++];
  }

  void item() {
    const char next = peek();
    if (next == '(') return open();
    if (next == ')') return close();
    if (next == '$' && at_ + 1 == source_.size()) {
      ++at_;
      add(Item::Kind::end);
      return;
    }
    if (next == '%' && peek(1) == 'b') return balance();
    if (next == '%' && peek(1) == 'f') return frontier();
    if (next == '%' && std::isdigit(static_cast<unsigned char>(peek(1)))) return repeat();
    single();
  }

  Item& add(Item::Kind kind) {
    pattern_.items_.emplace_back().kind = kind;
    return pattern_.items_.back();
  }

  void open() {
    ++at_;
    if (pattern_.captures_ == kMostCaptures) throw Malformed{"too many captures"};
    const auto number = static_cast<uint8_t>(pattern_.captures_++);
    if (peek() == ')') {
      ++at_;
      add(Item::Kind::open_position).first = number;
      return;
    }
    add(Item::Kind::open).first = number;
    open_.push_back(number);
  }

  void close() {
    ++at_;
    if (open_.empty()) throw Malformed{"a ) without its ("};
    add(Item::Kind::close).first = open_.back();
    open_.pop_back();
  }

  void balance() {
    at_ += 2;
    const char first = take();
    const char last = take();
    Item& made = add(Item::Kind::balance);
    made.first = static_cast<uint8_t>(first);
    made.last = static_cast<uint8_t>(last);
  }

  void frontier() {
    at_ += 2;
    if (take() != '[') throw Malformed{"%f wants a set"};
    const Bytes bytes = set();
    add(Item::Kind::frontier).bytes = bytes;
  }

  void repeat() {
    const int number = peek(1) - '1';
    at_ += 2;
    const bool closed = number >= 0 && number < pattern_.captures_ &&
                        std::find(open_.begin(), open_.end(), number) == open_.end();
    if (!closed) throw Malformed{fmt::format("%{} names no capture before it", number + 1)};
    add(Item::Kind::repeat).first = static_cast<uint8_t>(number);
  }

  void single() {
    const Bytes bytes = one(take());
    Item& made = add(Item::Kind::bytes);
    made.bytes = bytes;
    const char how = peek();
    if (how == '*' || how == '+' || how == '-' || how == '?') {
      made.how = how;
      ++at_;
    }
  }

  Bytes one(char first) {
    if (first == '[') return set();
    if (first == '.') return Bytes().set();
    return first == '%' ? escaped(take()) : literal(first);
  }

  static Bytes literal(char byte) { return Bytes().set(static_cast<unsigned char>(byte)); }

  static Bytes escaped(char name) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(name)));
    Bytes bytes;
    for (int byte = 0; byte < 256; ++byte) bytes[static_cast<size_t>(byte)] = belongs(lower, byte);
    if (bytes.none()) return literal(name);
    return name == lower ? bytes : ~bytes;
  }

  // After its [. A ] that comes first stands for itself.
  Bytes set() {
    const bool negated = peek() == '^';
    if (negated) ++at_;
    Bytes bytes;
    for (bool first = true; first || peek() != ']'; first = false) {
      const char low = take();
      if (low == '%') {
        bytes |= escaped(take());
      } else if (peek() == '-' && peek(1) != ']' && at_ + 1 < source_.size()) {
        ++at_;
        const auto high = static_cast<unsigned char>(take());
        for (int byte = static_cast<unsigned char>(low); byte <= high; ++byte)
          bytes.set(static_cast<size_t>(byte));
      } else {
        bytes |= literal(low);
      }
      if (at_ >= source_.size()) throw Malformed{"a [ without its ]"};
    }
    ++at_;
    return negated ? ~bytes : bytes;
  }

  std::string_view source_;
  size_t at_ = 0;
  Pattern pattern_;
  std::vector<uint8_t> open_;
};

// Backtracking over the items. Depth of recursion is at most the number of items.
class Matcher {
 public:
  using Item = Pattern::Item;

  Matcher(const Pattern& pattern, std::string_view text, const std::function<void(int64_t)>& pay)
      : pattern_(pattern),
        text_(text),
        pay_(pay),
        captures_(static_cast<size_t>(pattern.captures_)) {}

  std::optional<size_t> match(size_t item, size_t at) {
    for (;; ++item) {
      step();
      if (item == pattern_.items_.size()) return at;
      const Item& next = pattern_.items_[item];
      if (next.kind == Item::Kind::bytes && next.how != '1') return repeated(next, item, at);
      if (next.kind == Item::Kind::open || next.kind == Item::Kind::close)
        return captured(next, item, at);
      if (!advance(next, at)) return std::nullopt;
    }
  }

  void settle() { pay_(owed_); }
  std::vector<Capture>& captures() { return captures_; }

 private:
  void step(int64_t count = 1) {
    owed_ += count;
    if (owed_ < kPayEvery) return;
    pay_(owed_);
    owed_ = 0;
  }

  bool fits(const Item& item, size_t at) const {
    return at < text_.size() && item.bytes[static_cast<unsigned char>(text_[at])];
  }

  // Items that match in one way only. Moves `at` behind what was matched.
  bool advance(const Item& item, size_t& at) {
    switch (item.kind) {
      case Item::Kind::bytes: return fits(item, at) && ++at > 0;
      case Item::Kind::open_position: captures_[item.first] = {at, 0, true}; return true;
      case Item::Kind::end: return at == text_.size();
      case Item::Kind::balance: return balanced(item, at);
      case Item::Kind::repeat: return same_again(captures_[item.first], at);
      case Item::Kind::frontier: {
        const auto before = static_cast<unsigned char>(at == 0 ? '\0' : text_[at - 1]);
        const auto after = static_cast<unsigned char>(at < text_.size() ? text_[at] : '\0');
        return !item.bytes[before] && item.bytes[after];
      }
      default: return false;
    }
  }

  bool balanced(const Item& item, size_t& at) {
    if (at >= text_.size() || static_cast<uint8_t>(text_[at]) != item.first) return false;
    int depth = 1;
    for (size_t i = at + 1; i < text_.size(); ++i) {
      step();
      const auto byte = static_cast<uint8_t>(text_[i]);
      if (byte == item.last) {
        if (--depth == 0) {
          at = i + 1;
          return true;
        }
      } else if (byte == item.first) {
        ++depth;
      }
    }
    return false;
  }

  bool same_again(const Capture& capture, size_t& at) {
    const std::string_view text = text_.substr(capture.at, capture.length);
    step(static_cast<int64_t>(text.size()) / 16);
    if (!text_.substr(at).starts_with(text)) return false;
    at += text.size();
    return true;
  }

  std::optional<size_t> captured(const Item& item, size_t index, size_t at) {
    const Capture before = captures_[item.first];
    Capture& capture = captures_[item.first];
    if (item.kind == Item::Kind::open)
      capture = {at, 0, false};
    else
      capture.length = at - capture.at;
    const auto end = match(index + 1, at);
    if (!end) capture = before;
    return end;
  }

  std::optional<size_t> repeated(const Item& item, size_t index, size_t at) {
    if (item.how == '-') {
      for (;; ++at) {
        if (const auto end = match(index + 1, at)) return end;
        if (!fits(item, at)) return std::nullopt;
      }
    }
    const size_t least = at + (item.how == '+' ? 1 : 0);
    const size_t most = item.how == '?' ? at + 1 : text_.size();
    size_t reached = at;
    while (reached < most && fits(item, reached)) {
      ++reached;
      step();
    }
    for (; reached + 1 > least; --reached) {
      if (const auto end = match(index + 1, reached)) return end;
      if (reached == 0) break;
    }
    return std::nullopt;
  }

  const Pattern& pattern_;
  std::string_view text_;
  const std::function<void(int64_t)>& pay_;
  std::vector<Capture> captures_;
  int64_t owed_ = 0;
};

Result<Pattern> Pattern::parse(std::string_view source) {
  try {
    return PatternParser(source).parse();
  } catch (const Malformed& malformed) {
    return Error{Code::bad_value,
                 fmt::format("'{}' is no pattern: {}", source.substr(0, 40), malformed.why),
                 {},
                 ""};
  }
}

std::optional<Match> Pattern::find(std::string_view text, size_t from,
                                   const std::function<void(int64_t)>& pay) const {
  Matcher matcher(*this, text, pay);
  for (size_t at = from; at <= text.size(); ++at) {
    if (const auto end = matcher.match(0, at)) {
      matcher.settle();
      return Match{at, *end, std::move(matcher.captures())};
    }
    if (anchored_) break;
  }
  matcher.settle();
  return std::nullopt;
}

}  // namespace relance

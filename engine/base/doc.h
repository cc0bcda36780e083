// Doc: one immutable value (null, text, money, record, ...) in compact bytes; the form in which
// data of events, steps, customers and plugins travels through the engine. It is parsed from JSON
// once, at the border, and then only looked at: finding a field is a scan over a few bytes and
// allocates nothing.
//
// Encoding (stable; stored): one type byte, then
//   boolean        a byte                      text      length, bytes
//   integer, date  zigzag                      instant   zigzag milliseconds
//   number         8 bytes, little endian      money     zigzag minor units, 3 letters
//   list           byte length, items          record    byte length, (key text, item)...
// Lengths are varints; keys are sorted and unique. Two equal values have equal bytes. A null is no
// bytes where it stands alone, one zero byte inside a list or record.
//
// Threads: immutable.
// Limits: lists and records nest at most kMaxDepth deep, which from_bytes and from_json check; who
// builds from what a user wrote checks it too.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "base/result.h"
#include "base/zone.h"

namespace relance {

enum class DocType : uint8_t {
  null = 0,
  boolean = 1,
  integer = 2,
  number = 3,
  text = 4,
  money = 5,
  instant = 6,
  date = 7,
  list = 8,
  record = 9,
};
std::string_view doc_type_name(DocType type);

constexpr int kMaxDepth = 32;

// A look at encoded bytes that somebody else keeps alive. Default: null. Reading as another type
// gives nullopt.
class DocView {
 public:
  DocView() = default;
  explicit DocView(std::string_view encoded) : bytes_(encoded) {}

  DocType type() const { return bytes_.empty() ? DocType::null : static_cast<DocType>(bytes_[0]); }
  bool is_null() const { return type() == DocType::null; }
  std::string_view bytes() const { return bytes_; }

  std::optional<bool> boolean() const;
  std::optional<int64_t> integer() const;
  std::optional<double> number() const;  // integers too
  std::optional<std::string_view> text() const;
  std::optional<Money> money() const;
  std::optional<Instant> instant() const;
  std::optional<Date> date() const;

  DocView find(std::string_view key) const;  // null when this is no record or has no such key
  DocView find_path(std::string_view dotted) const;  // "decline.action"
  size_t size() const;                               // items of a list or record, else 0

  // for (auto [key, value] : view.items()) ...; keys are empty for a list.
  struct Item;
  class Iterator;
  struct Range;
  Range items() const;

  bool operator==(const DocView& other) const { return bytes_ == other.bytes_; }

 private:
  std::string_view bytes_;
};

struct DocView::Item {
  std::string_view key;
  DocView value;
};

class DocView::Iterator {
 public:
  Iterator(std::string_view rest, bool keyed) : rest_(rest), keyed_(keyed) { load(); }
  Item operator*() const { return item_; }
  Iterator& operator++();
  bool operator!=(const Iterator& other) const { return rest_.data() != other.rest_.data(); }

 private:
  void load();

  std::string_view rest_;
  bool keyed_;
  size_t width_ = 0;
  Item item_;
};

struct DocView::Range {
  Iterator begin_, end_;
  Iterator begin() const { return begin_; }
  Iterator end() const { return end_; }
};

// Owns its bytes. Cheap to move.
class Doc {
 public:
  Doc() = default;  // null
  explicit Doc(DocView view) : bytes_(view.bytes()) {}

  static Doc boolean(bool v);
  static Doc integer(int64_t v);
  static Doc number(double v);  // null for NaN and the infinities; -0.0 becomes 0.0
  static Doc text(std::string_view v);
  static Doc money(const Money& v);
  static Doc instant(Instant v);
  static Doc date(Date v);
  static Doc list(const std::vector<Doc>& items);
  // Sorts; the last of equal keys wins.
  static Doc record(const std::vector<std::pair<std::string, Doc>>& fields);
  struct Named {
    std::string_view key;
    const Doc& value;
  };
  static Doc record(std::initializer_list<Named> fields);
  static Doc empty_record() { return record({}); }

  // Takes encoded bytes from the store. Checks them whole; fails with store_corrupt.
  static Result<Doc> from_bytes(std::string bytes);

  DocView view() const { return DocView(bytes_); }
  operator DocView() const { return view(); }
  const std::string& bytes() const { return bytes_; }
  bool is_null() const { return view().is_null(); }
  bool operator==(const Doc&) const = default;

  // A copy of `base` (a record or null) with the fields of `over` (a record) laid over it.
  static Doc merged(DocView base, DocView over);

 private:
  std::string bytes_;
};

// JSON both ways. Money is {"minor": 4900, "currency": "EUR"}, an instant RFC 3339 text, a date
// "YYYY-MM-DD". to_json is canonical: keys sorted, no spaces, integers without point. Text that is
// not UTF-8 is repaired on its way out.
std::string to_json(DocView view);
// As the file has it: a record of the money shape becomes money ("amount" text is accepted too),
// text stays text; typing by the event catalogue happens at intake. Fails with event_malformed or
// event_too_deep.
Result<Doc> from_json(std::string_view json);

}  // namespace relance

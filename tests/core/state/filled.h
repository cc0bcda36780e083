// Values for tests of what is stored, made from the lists of stored fields: `fill` gives every
// field a value that is not its default, none twice; `same` compares field by field.
#pragma once

#include <catch2/catch.hpp>

#include "core/state/state_fields.h"

namespace relance::test {

class Filler {
 public:
  template <std::integral T>
  void fill(T& v) {
    if constexpr (std::same_as<T, bool>)
      v = !v;
    else
      v = static_cast<T>(next() % 120 + 1);
  }
  template <class T>
    requires std::is_enum_v<T>
  void fill(T& v) {
    v = v == static_cast<T>(1) ? static_cast<T>(2) : static_cast<T>(1);
  }
  void fill(std::string& v) { v = "word " + std::to_string(next()); }
  void fill(Word& v) { v = "word " + std::to_string(next()); }
  template <class T>
  void fill(Box<T>& v) {
    fill(v.change());
  }
  void fill(Key& v) { v = derive_key({"key", std::to_string(next())}); }
  void fill(Duration& v) { v = hours(static_cast<int64_t>(next())); }
  void fill(Instant& v) { v.ms = 1'767'600'000'000 + static_cast<int64_t>(next()) * 1000; }
  void fill(Sealed& v) { v.bytes = "sealed " + std::to_string(next()); }
  void fill(Doc& v) { v = Doc::record({{"n", Doc::integer(static_cast<int64_t>(next()))}}); }
  void fill(Currency& v) { v = *Currency::parse("EUR"); }
  template <class T>
  void fill(std::vector<T>& v) {
    v.resize(2);
    for (T& item : v) fill(item);
  }
  template <size_t N>
  void fill(std::array<uint64_t, N>& v) {
    for (uint64_t& item : v) item = derive_hash({std::to_string(next())});
  }
  template <Packable T>
  void fill(T& v) {
    std::apply([&](auto&... field) { (fill(field), ...); }, fields(v));
  }

 private:
  uint64_t next() { return ++last_; }
  uint64_t last_ = 0;
};

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (requires { a.change(); }) {
    return same(a.get(), b.get());
  } else if constexpr (Packable<T>) {
    const auto of_a = fields(a);
    const auto of_b = fields(b);
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return (same(std::get<I>(of_a), std::get<I>(of_b)) && ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(of_a)>>());
  } else {
    return a == b;
  }
}
inline bool same(const Record& a, const Record& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&](const auto& record) { return same(record, std::get<std::decay_t<decltype(record)>>(b)); },
      a);
}

// One record of every type, in order of their numbers.
template <size_t I = 0>
std::vector<Record> every_record(Filler* filler, std::vector<Record> so_far = {}) {
  if constexpr (I < std::variant_size_v<Record>) {
    std::variant_alternative_t<I, Record> record;
    if (filler) filler->fill(record);
    so_far.emplace_back(std::move(record));
    return every_record<I + 1>(filler, std::move(so_far));
  } else {
    return so_far;
  }
}

// The customer's id is not stored with an entry, but by the store.
inline Entry entry_of(std::vector<Record> records) {
  Entry entry;
  entry.at = *parse_instant("2026-01-05T10:00:00Z");
  entry.generation = 7;
  entry.records = std::move(records);
  return entry;
}

inline Customer filled_customer() {
  Customer customer;
  Filler().fill(customer);
  customer.recent_next = 3;
  return customer;
}

}  // namespace relance::test

// Records and snapshots come back as they were stored.
#include "core/state/record.h"

#include "filled.h"

using namespace relance;
using namespace relance::test;

namespace {

void comes_back(const Entry& entry) {
  const std::string bytes = encode_entry(entry);
  const auto again = decode_entry(bytes);
  REQUIRE(again.ok());
  CHECK(again->at == entry.at);
  CHECK(again->generation == entry.generation);
  REQUIRE(again->records.size() == entry.records.size());
  for (size_t i = 0; i < entry.records.size(); ++i) {
    INFO(record_name(entry.records[i]));
    CHECK(same(again->records[i], entry.records[i]));
  }
  CHECK(encode_entry(*again) == bytes);
}

}  // namespace

TEST_CASE("a record of every type comes back, with every field set and with none") {
  Filler filler;
  for (const Record& record : every_record(&filler)) comes_back(entry_of({record}));
  for (const Record& record : every_record(nullptr)) comes_back(entry_of({record}));
}

TEST_CASE("records of all types stand in one entry") {
  Filler filler;
  std::vector<Record> all = every_record(&filler);
  for (Record& record : every_record(nullptr)) all.push_back(std::move(record));
  comes_back(entry_of(all));
  all.insert(all.end(), all.begin(), all.end());
  comes_back(entry_of(all));
}

TEST_CASE("an entry without records, and one at the ends of time, come back") {
  comes_back(entry_of({}));
  Filler filler;
  Entry entry = entry_of(every_record(&filler));
  for (const Instant at : {Instant::beginning(), Instant::never(), Instant{}}) {
    entry.at = at;
    comes_back(entry);
  }
}

TEST_CASE("a field that has its default costs nothing") {
  StepMoved moved;
  const size_t bare = encode_entry(entry_of({moved})).size();
  moved.state.word = "cap_reached";
  CHECK(encode_entry(entry_of({moved})).size() > bare);
  CHECK(bare - encode_entry(entry_of({})).size() == 2);  // its type, and no field
}

TEST_CASE("an entry of an unknown version or with an unknown record is refused") {
  std::string bytes = encode_entry(entry_of({RunEnded{}}));
  const size_t type_at = encode_entry(entry_of({})).size();
  std::string newer = bytes;
  ++newer[0];
  CHECK(decode_entry(newer).error().code == Code::store_corrupt);
  std::string older = bytes;
  --older[0];
  CHECK(decode_entry(older).error().code == Code::store_version);
  std::string unknown = bytes;
  unknown[type_at] = static_cast<char>(std::variant_size_v<Record>);
  CHECK(decode_entry(unknown).error().code == Code::store_corrupt);
  std::string more_fields = bytes;
  more_fields[type_at + 1] = 2;  // its second field, which it does not have
  CHECK(decode_entry(more_fields).error().code == Code::store_corrupt);
}

TEST_CASE("a customer comes back whole, and equal customers are equal bytes") {
  const Customer customer = filled_customer();
  const std::string bytes = encode_snapshot(customer);
  const auto again = decode_snapshot(bytes);
  REQUIRE(again.ok());
  CHECK(*again == customer);
  CHECK(encode_snapshot(*again) == bytes);
  const Customer copy = customer;
  CHECK(encode_snapshot(copy) == bytes);

  const auto nobody = decode_snapshot(encode_snapshot(Customer{}));
  REQUIRE(nobody.ok());
  CHECK(*nobody == Customer{});
}

TEST_CASE("a snapshot tells customers apart by any one field") {
  const std::string plain = encode_snapshot(Customer{});
  const Customer filled = filled_customer();
  std::apply(
      [&](const auto&... field) {
        size_t at = 0;
        const auto differs = [&]<class T>(const T& value) {
          Customer one;
          std::apply(
              [&](auto&... own) {
                size_t own_at = 0;
                const auto take = [&]<class U>(U& mine) {
                  if constexpr (std::same_as<T, U>)
                    if (own_at == at) mine = value;
                  ++own_at;
                };
                (take(own), ...);
              },
              fields(one));
          INFO("field " << at);
          CHECK(encode_snapshot(one) != plain);
          CHECK(decode_snapshot(encode_snapshot(one)).ok());
          ++at;
        };
        (differs(field), ...);
      },
      fields(filled));
}

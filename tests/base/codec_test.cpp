#include "base/codec.h"

#include <catch2/catch.hpp>

#include "base/random.h"

using namespace relance;

TEST_CASE("what a writer writes a reader reads") {
  std::string bytes;
  Writer writer(bytes);
  const Key key = derive_key({"k"});
  for (uint64_t v : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 63, UINT64_MAX})
    writer.varint(v);
  for (int64_t v : {int64_t{0}, int64_t{-1}, INT64_MAX, INT64_MIN}) writer.zigzag(v);
  writer.fixed64(0x0123456789abcdef);
  writer.text("h\xc3\xa9llo");
  writer.text("");
  writer.key(key);
  writer.instant(Instant::never());
  writer.boolean(true);

  Reader reader(bytes);
  for (uint64_t v : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 63, UINT64_MAX}) {
    CHECK(reader.varint() == v);
  }
  for (int64_t v : {int64_t{0}, int64_t{-1}, INT64_MAX, INT64_MIN}) CHECK(reader.zigzag() == v);
  CHECK(reader.fixed64() == 0x0123456789abcdef);
  CHECK(reader.text() == "h\xc3\xa9llo");
  CHECK(reader.text().empty());
  CHECK(reader.key() == key);
  CHECK(reader.instant().is_never());
  CHECK(reader.boolean());
  CHECK(reader.ok());
  CHECK(reader.at_end());
}

TEST_CASE("a number has one form only") {
  CHECK_FALSE([] {
    Reader r(std::string_view("\x80\x00", 2));
    r.varint();
    return r.ok();
  }());
  CHECK_FALSE([] {
    Reader r("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
    r.varint();
    return r.ok();
  }());
  CHECK_FALSE([] {
    Reader r("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    r.varint();
    return r.ok();
  }());
}

TEST_CASE("a reader never passes its end and stays failed") {
  Reader reader(
      std::string_view("\x05"
                       "abc",
                       4));
  CHECK(reader.text().empty());
  CHECK_FALSE(reader.ok());
  CHECK(reader.at_end());
  CHECK(reader.byte() == 0);
  CHECK(reader.varint() == 0);
  CHECK(reader.fixed64() == 0);
  CHECK(reader.key() == Key{});
  CHECK_FALSE(reader.ok());
}

TEST_CASE("any bytes can be read to their end") {
  SeededRandom random(20260105);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random.next() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random.next());
    Reader reader(bytes);
    size_t taken = 0;
    while (reader.ok() && !reader.at_end()) {
      switch (random.next() % 6) {
        case 0: reader.byte(); break;
        case 1: reader.varint(); break;
        case 2: taken += reader.text().size(); break;
        case 3: reader.fixed64(); break;
        case 4: reader.key(); break;
        default: taken += reader.raw(random.next() % 9).size(); break;
      }
    }
    REQUIRE(taken <= bytes.size());
  }
}

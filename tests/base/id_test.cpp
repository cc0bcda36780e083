#include "base/id.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/random.h"

using namespace relance;

TEST_CASE("a key prints as 26 base32 characters and reads back the same") {
  SeededRandom random(7);
  for (int i = 0; i < 500; ++i) {
    Key key;
    for (uint8_t& byte : key.bytes) byte = static_cast<uint8_t>(random.next());
    const std::string text = key.text();
    REQUIRE(text.size() == 26);
    REQUIRE(*Key::parse(text) == key);
  }
  CHECK(Key{}.text() == std::string(26, 'a'));
  CHECK(Key::from("foobarfoobarfoob").text() == "mzxw6ytbojtg633cmfzgm33pmi");
}

TEST_CASE("a text that no key prints is not read as one") {
  const std::string good = Key::from("foobarfoobarfoob").text();
  for (std::string wrong :
       {std::string(), good.substr(1), good + "a", "M" + good.substr(1), "1" + good.substr(1),
        good.substr(0, 25) + "j", good.substr(0, 25) + "7"}) {
    CAPTURE(wrong);
    REQUIRE_FALSE(Key::parse(wrong).ok());
    CHECK(Key::parse(wrong).error().code == Code::invalid_text);
  }
}

TEST_CASE("sha256 agrees with the standard's own examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("where one part ends and the next begins matters") {
  std::set<Key> keys = {derive_key({"a", "bc"}), derive_key({"ab", "c"}), derive_key({"abc"}),
                        derive_key({"abc", ""}), derive_key({"", "abc"}), derive_key({})};
  CHECK(keys.size() == 6);
  CHECK(derive_key({"a", "bc"}) == derive_key({"a", "bc"}));
  CHECK(derive_hash({"a", "bc"}) == derive_key({"a", "bc"}).high());
}

TEST_CASE("derived keys never change: stored data depends on them") {
  CHECK(customer_key("shop", "c-1").text() == "chaxetuafhxjz7jml5reb635ce");
  CHECK(derive_key({"a", "bc"}).text() == "tkfmzinwy3al57j7xr2wv3lclu");
  CHECK(extend_chain(Key{}, "record").text() == "6o4646gmvn3xumgoiax7ehvjve");
}

TEST_CASE("long parts hash as their gathered bytes do") {
  const std::string megabyte(1'000'000, 'x');
  const std::string head = "head";
  std::string gathered;
  for (std::string_view part : {std::string_view(head), std::string_view(megabyte)}) {
    for (int i = 0; i < 8; ++i)
      gathered.push_back(static_cast<char>(part.size() >> (8 * i) & 0xff));
    gathered += part;
  }
  const std::string hex = sha256_hex(gathered);
  CHECK(derive_hash({head, megabyte}) == std::stoull(hex.substr(0, 16), nullptr, 16));
}

TEST_CASE("an empty key is false") {
  CHECK_FALSE(Key{});
  CHECK(derive_key({"x"}));
}

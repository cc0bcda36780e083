// Words and keys that stood a moment ago are written as their place.
#include "core/state/pack.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

const Instant kBase{1'767'600'000'000};

template <class T>
std::vector<size_t> sizes(const std::vector<T>& values) {
  std::string out;
  Packer packer(out, kBase);
  std::vector<size_t> all;
  for (const T& value : values) {
    const size_t before = out.size();
    packer.put(value);
    all.push_back(out.size() - before);
  }
  Unpacker unpacker(out, kBase);
  for (const T& value : values) {
    T again;
    unpacker.get(again);
    CHECK(again == value);
  }
  CHECK(unpacker.ok());
  CHECK(unpacker.at_end());
  return all;
}

std::string word(int number) { return "word-" + std::to_string(100 + number); }
Key key(int number) { return derive_key({std::to_string(number)}); }

}  // namespace

TEST_CASE("a word costs its length once, and a byte from then on") {
  const auto cost = sizes<std::string>({"payment_recovery", "shop", "payment_recovery", "shop"});
  CHECK(cost == std::vector<size_t>{17, 5, 1, 1});
}

TEST_CASE("a word that is nearly everywhere costs a byte from the start, a usual one two") {
  CHECK(sizes<std::string>({"delivered", "email"}) == std::vector<size_t>{1, 1});
  CHECK(sizes<std::string>({"customer.updated", "refund.completed"}) == std::vector<size_t>{2, 2});
}

TEST_CASE("of a ring only what is there costs anything") {
  using Ring = std::array<uint64_t, 16>;
  CHECK(sizes<Ring>({Ring{}, Ring{7}, Ring{0, 7, 0, 9}}) == std::vector<size_t>{1, 9, 17});
}

TEST_CASE("keys of one customer's touches cost half from the second on") {
  const auto of = [](int number) { return derive_key_of(key(1), {std::to_string(number)}); };
  CHECK(sizes<Key>({of(1), of(2), of(1), key(7)}) == std::vector<size_t>{17, 9, 1, 17});
}

TEST_CASE("sixteen words are remembered, and the seventeenth takes the oldest's place") {
  std::vector<std::string> words;
  for (int i = 0; i < 17; ++i) words.push_back(word(i));
  words.push_back(word(1));  // still there
  words.push_back(word(0));  // gone: written whole, in the place of word(1)
  words.push_back(word(1));
  const auto cost = sizes(words);
  CHECK(cost[17] == 1);
  CHECK(cost[18] == 9);
  CHECK(cost[19] == 9);
}

TEST_CASE("a word too short or too long to be worth it is written whole each time") {
  const std::string shortest(2, 'a'), longest(32, 'b');
  const std::string letter = "c", too_long(33, 'd'), none;
  const auto cost = sizes<std::string>({shortest, shortest, longest, longest, letter, letter,
                                        too_long, too_long, none, none, shortest});
  CHECK(cost == std::vector<size_t>{3, 1, 33, 1, 2, 2, 34, 34, 1, 1, 1});
}

TEST_CASE("a key costs seventeen bytes once, and a byte from then on") {
  std::vector<Key> keys;
  for (int i = 0; i < 8; ++i) keys.push_back(key(i));
  for (int i = 0; i < 8; ++i) keys.push_back(key(i));
  keys.push_back(key(8));
  keys.push_back(key(1));
  keys.push_back(key(0));
  const auto cost = sizes(keys);
  for (int i = 0; i < 8; ++i) CHECK(cost[i] == 17);
  for (int i = 8; i < 16; ++i) CHECK(cost[i] == 1);
  CHECK(cost[16] == 17);
  CHECK(cost[17] == 1);
  CHECK(cost[18] == 17);
}

TEST_CASE("no key comes back as none, before and after others") {
  std::vector<Key> keys{Key{}};
  for (int i = 0; i < 9; ++i) keys.push_back(key(i));
  keys.push_back(Key{});
  keys.push_back(Key{});
  CHECK(sizes(keys).back() == 1);
}

TEST_CASE("a place that nothing was put into is refused") {
  std::string out;
  Writer(out).varint(299 * 2 + 1);
  std::string text;
  Unpacker words(out, kBase);
  words.get(text);
  CHECK_FALSE(words.ok());

  std::string places;
  Writer(places).varint(9);
  Key none;
  Unpacker keys(places, kBase);
  keys.get(none);
  CHECK_FALSE(keys.ok());
}

TEST_CASE("instants near the base are short, and the ends of time come back") {
  const auto cost = sizes<Instant>(
      {kBase, {kBase.ms + 50}, {kBase.ms - 50}, Instant::never(), Instant::beginning(), Instant{}});
  CHECK(cost[0] == 1);
  CHECK(cost[1] == 1);
  CHECK(cost[2] == 1);
}

TEST_CASE("a number that its field cannot hold is refused") {
  std::string out;
  Writer(out).varint(300);
  uint8_t small = 0;
  Unpacker unpacker(out, kBase);
  unpacker.get(small);
  CHECK_FALSE(unpacker.ok());
}

#include "base/doc.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/codec.h"
#include "base/random.h"

using namespace relance;

namespace {

const Money kPrice{4900, *Currency::parse("EUR")};

Doc sample() {
  return Doc::record({{"zone", Doc::text("Europe/Paris")},
                      {"amount", Doc::money(kPrice)},
                      {"attempt", Doc::integer(2)},
                      {"score", Doc::number(0.5)},
                      {"vip", Doc::boolean(true)},
                      {"due", Doc::instant(*parse_instant("2026-01-05T08:00:00Z"))},
                      {"born", Doc::date(*parse_date("1990-02-03"))},
                      {"nothing", Doc()},
                      {"decline", Doc::record({{"action", Doc::text("update_card")}})},
                      {"items", Doc::list({Doc::integer(1), Doc(), Doc::text("x")})}});
}

bool readable(std::string bytes) { return Doc::from_bytes(std::move(bytes)).ok(); }

}  // namespace

TEST_CASE("each type reads back as itself and as nothing else") {
  const Doc doc = sample();
  const DocView view = doc;
  CHECK(view.find("zone").text() == "Europe/Paris");
  CHECK(view.find("amount").money() == kPrice);
  CHECK(view.find("attempt").integer() == 2);
  CHECK(view.find("attempt").number() == 2.0);
  CHECK(view.find("score").number() == 0.5);
  CHECK(view.find("vip").boolean() == true);
  CHECK(view.find("due").instant() == *parse_instant("2026-01-05T08:00:00Z"));
  CHECK(view.find("born").date() == *parse_date("1990-02-03"));

  CHECK_FALSE(view.find("score").integer());
  CHECK_FALSE(view.find("zone").number());
  CHECK_FALSE(view.find("attempt").text());
  CHECK_FALSE(view.find("due").date());
  CHECK_FALSE(view.find("due").integer());
  CHECK_FALSE(view.text());
  CHECK(doc_type_name(view.find("amount").type()) == "money");
}

TEST_CASE("a field that is not there is null, however it is asked for") {
  const Doc doc = sample();
  CHECK(doc.view().find("nobody").is_null());
  CHECK(doc.view().find("").is_null());
  CHECK(doc.view().find("nothing").is_null());
  CHECK(doc.view().find("nothing") == DocView());
  CHECK(doc.view().find("zone").find("x").is_null());
  CHECK(DocView().find("x").is_null());
  CHECK(doc.view().find_path("decline.action").text() == "update_card");
  CHECK(doc.view().find_path("decline.action.deeper").is_null());
  CHECK(doc.view().find_path("decline.").is_null());
  CHECK(doc.view().find_path("zone").text() == "Europe/Paris");
}

TEST_CASE("items are walked in order, keys sorted") {
  const Doc doc = Doc::record({{"b", Doc::integer(2)}, {"a", Doc::integer(1)}, {"c", Doc()}});
  std::string keys;
  for (auto [key, value] : doc.view().items()) keys += key;
  CHECK(keys == "abc");
  CHECK(doc.view().size() == 3);

  const Doc list = Doc::list({Doc::text("x"), Doc(), Doc::list({})});
  size_t nulls = 0;
  for (auto [key, value] : list.view().items()) {
    CHECK(key.empty());
    if (value.is_null()) ++nulls;
  }
  CHECK(nulls == 1);
  CHECK(list.view().size() == 3);
  CHECK(Doc::text("abc").view().size() == 0);
  CHECK(Doc().view().size() == 0);
}

TEST_CASE("equal values have equal bytes") {
  CHECK(Doc::record({{"a", Doc::integer(1)}, {"b", Doc::integer(2)}}) ==
        Doc::record({{"b", Doc::integer(2)}, {"a", Doc::integer(1)}}));
  CHECK(Doc::record({{"a", Doc::integer(1)}, {"a", Doc::integer(2)}}) ==
        Doc::record({{"a", Doc::integer(2)}}));
  CHECK(Doc::number(-0.0) == Doc::number(0.0));
  CHECK(Doc::number(std::nan("")).is_null());
  CHECK(Doc::number(INFINITY).is_null());
  CHECK(*Doc::from_bytes(std::string(1, '\0')) == Doc());
}

TEST_CASE("merging lays one record over another") {
  const Doc base = *from_json(R"({"a":1,"b":{"x":1},"c":3})");
  const Doc over = *from_json(R"({"b":{"y":2},"c":null,"d":4})");
  CHECK(to_json(Doc::merged(base, over)) == R"({"a":1,"b":{"y":2},"c":null,"d":4})");
  CHECK(Doc::merged({}, over) == over);
  CHECK(Doc::merged(base, {}) == base);
  CHECK(Doc::merged({}, {}) == Doc::empty_record());
}

TEST_CASE("stored bytes read back whole, and only whole") {
  const Doc doc = sample();
  CHECK(*Doc::from_bytes(doc.bytes()) == doc);
  for (size_t cut = 1; cut < doc.bytes().size(); ++cut) {
    CAPTURE(cut);
    REQUIRE_FALSE(readable(doc.bytes().substr(0, cut)));
  }
  CHECK_FALSE(readable(doc.bytes() + '\0'));
  CHECK(Doc::from_bytes("\x7f").error().code == Code::store_corrupt);
}

TEST_CASE("stored bytes in another than their only form are refused") {
  CHECK_FALSE(readable({1, 2}));                           // a boolean of 2
  CHECK_FALSE(readable({2, static_cast<char>(0x80), 0}));  // a padded integer
  CHECK_FALSE(
      readable(std::string("\x05\x02"
                           "eur",
                           5)));                        // no currency
  CHECK_FALSE(readable({9, 6, 1, 'b', 0, 1, 'a', 0}));  // keys that fall
  CHECK_FALSE(readable({9, 6, 1, 'a', 0, 1, 'a', 0}));  // a key twice
  CHECK(readable({9, 6, 1, 'a', 0, 1, 'b', 0}));
}

TEST_CASE("a usual name costs a byte, and any name comes back") {
  const auto size = [](const std::string& name) {
    const Doc doc = Doc::record({{name, Doc::boolean(true)}});
    CHECK(doc.view().find(name).boolean().value_or(false));
    CHECK((*doc.view().items().begin()).key == name);
    CHECK(readable(doc.bytes()));
    return doc.bytes().size();
  };
  const size_t usual = size("invoice_id");
  CHECK(size("segment") == usual);
  CHECK(size("segments") == usual + 8);
  for (const size_t length : {0, 1, 126, 127, 128, 300}) size(std::string(length, 'n'));
}

TEST_CASE("a usual name written whole, and a place that has no name, are refused") {
  CHECK(readable({9, 2, static_cast<char>(0x80), 0}));
  CHECK_FALSE(readable({9, 4, 2, 'i', 'd', 0}));              // "id" is usual
  CHECK_FALSE(readable({9, 2, static_cast<char>(0xff), 0}));  // nothing stands there
  CHECK_FALSE(readable({9, 4, 0x7f, 1, 'a', 0}));             // short, in the form of a long one
}

TEST_CASE("depth is bounded in stored bytes") {
  std::string bytes = {8, 0};
  int depth = 1;
  for (; depth < kMaxDepth; ++depth) {
    std::string outer = {8};
    Writer(outer).text(bytes);
    bytes = outer;
  }
  CHECK(readable(bytes));
  std::string outer = {8};
  Writer(outer).text(bytes);
  CHECK_FALSE(readable(outer));
}

TEST_CASE("any bytes may be looked at without harm") {
  SeededRandom random(42);
  const Doc doc = sample();
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = doc.bytes();
    for (uint64_t flips = 1 + random.next() % 4; flips > 0; --flips) {
      bytes[random.next() % bytes.size()] = static_cast<char>(random.next());
    }
    bytes.resize(1 + random.next() % bytes.size());
    const DocView view(bytes);
    size_t seen = 0;
    for (auto [key, value] : view.items()) seen += key.size() + value.bytes().size();
    constexpr size_t kLongestUsualName = 15;  // which is one byte
    REQUIRE(seen <= bytes.size() * kLongestUsualName);
    REQUIRE(view.find("zone").bytes().size() <= bytes.size());
    const Result<Doc> checked = Doc::from_bytes(bytes);
    if (checked) REQUIRE(checked->view().size() <= bytes.size());
  }
}

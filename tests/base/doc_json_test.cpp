#include <catch2/catch.hpp>

#include "base/doc.h"

using namespace relance;

namespace {

std::string round_trip(std::string_view json) {
  const Result<Doc> doc = from_json(json);
  return doc ? to_json(*doc) : doc.error().text();
}

Code refusal(std::string_view json) {
  const Result<Doc> doc = from_json(json);
  return doc ? Code::internal : doc.error().code;
}

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("JSON becomes canonical: keys sorted, no spaces, integers without point") {
  CHECK(round_trip(R"( { "b" : [ 1 , 2.5, true, null ], "a" : { "z":"x", "y":-3 } } )") ==
        R"({"a":{"y":-3,"z":"x"},"b":[1,2.5,true,null]})");
  CHECK(round_trip("[]") == "[]");
  CHECK(round_trip("{}") == "{}");
  CHECK(round_trip("null") == "null");
  CHECK(round_trip("\"x\"") == "\"x\"");
  CHECK(round_trip("3.0") == "3.0");
  CHECK(round_trip("9223372036854775807") == "9223372036854775807");
  CHECK(round_trip("-9223372036854775808") == "-9223372036854775808");
  CHECK(round_trip("0.1") == "0.1");
  CHECK(round_trip("0e-60") == "0.0");  // found by fuzzing: undefined in RapidJSON's own conversion
  CHECK(round_trip(R"({"a":1,"a":2})") == R"({"a":2})");
  CHECK(round_trip("[[[1],[]],{\"k\":[{}]}]") == "[[[1],[]],{\"k\":[{}]}]");
}

TEST_CASE("canonical JSON is a fixed point") {
  for (std::string_view json :
       {R"({"a":[{"b":1.5e300},"é","\u0001"],"m":{"amount":"1.00","currency":"EUR"}})",
        R"([-0.0, 1e-7, 123456789.123456789, 18446744073709551615])"}) {
    const std::string once = round_trip(json);
    CHECK(round_trip(once) == once);
  }
}

TEST_CASE("escapes are text like any other") {
  CHECK(from_json(R"("\u00e9\ud83d\ude00\u0000\n")")->view().text() ==
        std::string_view("\xc3\xa9\xf0\x9f\x98\x80\0\n", 8));
  CHECK(round_trip(R"("\"\\\/")") == R"("\"\\/")");
}

TEST_CASE("the money shape becomes money, and nothing else does") {
  const Money price{4900, *Currency::parse("EUR")};
  CHECK(from_json(R"({"minor":4900,"currency":"EUR"})")->view().money() == price);
  CHECK(from_json(R"({"currency":"EUR","amount":"49.00"})")->view().money() == price);
  CHECK(to_json(Doc::money(price)) == R"({"currency":"EUR","minor":4900})");
  CHECK(from_json(R"({"price":{"amount":"49","currency":"EUR"}})")->view().find("price").money() ==
        price);
  for (std::string_view json :
       {R"({"minor":4900,"currency":"eur"})", R"({"minor":49.5,"currency":"EUR"})",
        R"({"minor":1})", R"({"amount":49.0,"currency":"EUR"})",
        R"({"amount":"49.001","currency":"EUR"})", R"({"minor":1,"currency":"EUR","more":2})",
        R"({"minor":1,"currency":978})"}) {
    CAPTURE(json);
    CHECK(from_json(json)->view().type() == DocType::record);
  }
}

TEST_CASE("instants and dates go out as text and stay text on the way in") {
  const Doc doc = Doc::list({Doc::instant(*parse_instant("2026-01-05T08:00:00.5Z")),
                             Doc::date(*parse_date("2026-01-05"))});
  CHECK(to_json(doc) == R"(["2026-01-05T08:00:00.500Z","2026-01-05"])");
  CHECK(from_json(R"("2026-01-05")")->view().type() == DocType::text);
}

TEST_CASE("what is not JSON is refused") {
  for (std::string_view json :
       {"",           " ",         "{",     "}",        "[1,]",    "{\"a\":}", "{'a':1}",
        "{\"a\":1}x", "{} {}",     "nul",   "01",       "+1",      "1.",       ".5",
        "NaN",        "Infinity",  "1e999", "\"a",      "\"\\x\"", "\"\t\"",   "// c\n1",
        "[1 2]",      "{\"a\" 1}", "{1:2}", "\"\\u12\""}) {
    CAPTURE(json);
    CHECK(refusal(json) == Code::event_malformed);
  }
  CHECK(refusal(std::string_view("{}\0junk", 7)) == Code::event_malformed);
  CHECK(refusal(std::string_view("[\0]", 3)) == Code::event_malformed);
}

TEST_CASE("text that is not UTF-8 is refused, in values, keys and escapes") {
  for (std::string_view json :
       {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "{\"\xe9\":1}",
        "\"\xe2\x82\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\""}) {
    CAPTURE(json);
    CHECK(refusal(json) == Code::event_malformed);
  }
}

TEST_CASE("text that is not UTF-8 is repaired on its way out") {
  CHECK(to_json(Doc::text("a\xff"
                          "b")) ==
        "\"a\xef\xbf\xbd"
        "b\"");
}

TEST_CASE("nesting is bounded, and its depth costs no stack") {
  CHECK(from_json(nested(kMaxDepth)).ok());
  CHECK(refusal(nested(kMaxDepth + 1)) == Code::event_too_deep);
  CHECK(refusal(std::string(1'000'000, '[')) == Code::event_too_deep);
  std::string records;
  for (int i = 0; i < 100'000; ++i) records += "{\"a\":";
  CHECK(refusal(records) == Code::event_too_deep);
}

TEST_CASE("a document from JSON passes the store's check") {
  for (std::string_view json :
       {R"({"b":[1,{"minor":1,"currency":"EUR"}],"a":null,"":0})", "null", "[null]", "-0.0"}) {
    const Doc doc = *from_json(json);
    CHECK(*Doc::from_bytes(doc.bytes()) == doc);
  }
}

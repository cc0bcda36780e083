// The little JSON of the kit for plugins in plain C.
#include <relance/sdk/help.h>

#include <catch2/catch.hpp>
#include <relance/sdk/text.hpp>

#include "base/doc.h"

namespace {

std::string found(std::string_view json, const char* path) {
  return std::string(rl::view(rl_json_find(rl::str(json), path)));
}

}  // namespace

TEST_CASE("a member is found by its path, whatever stands before it") {
  const std::string json = R"( {"skip": ["}", {"url": 1}], "url" : "u", )"
                           R"("deep": {"er": {"x": [1, 2]}, "n": -7}, "t":true})";
  CHECK(found(json, "url") == "\"u\"");
  CHECK(found(json, "deep.er.x") == "[1, 2]");
  CHECK(rl::integer(json, "deep.n") == -7);
  CHECK(rl_json_true(rl::str(json), "t") == 1);
  CHECK(rl_json_true(rl::str(json), "url") == 0);
  CHECK(found(json, "deep.none").empty());
  CHECK(found(json, "url.er").empty());
  CHECK(found(json, "er").empty());
  CHECK(rl::integer(json, "url", 5) == 5);
  CHECK(rl::integer(R"({"n": 1234567890123456789})", "n", 5) == 5);
}

TEST_CASE("escapes of a text are undone, and written again as JSON reads them") {
  CHECK(rl::text(R"({"a": "x\"\\\/\n\t\u00e9\u20ac\ud83d\ude00"})", "a") == "x\"\\/\n\té€😀");
  CHECK(rl::text(R"({"a": "lone \ud83d"})", "a").empty());
  CHECK(rl::text(R"({"a": "\x"})", "a").empty());
  const std::string awkward = "quote \" slash \\ line \n bell \x07 é";
  auto read = relance::from_json(rl::Object().text("a", awkward).json());
  REQUIRE(read);
  CHECK(read->view().find("a").text() == awkward);
  CHECK(rl::text(rl::Object().text("a", awkward).json(), "a") == awkward);
}

TEST_CASE("a text that does not fit is none, never half of one") {
  char room[4];
  CHECK(rl_json_text(rl::str(R"({"a": "123"})"), "a", room, sizeof room) == 3);
  CHECK(std::string(room) == "123");
  CHECK(rl_json_text(rl::str(R"({"a": "1234"})"), "a", room, sizeof room) == 0);
  CHECK(std::string(room).empty());
}

TEST_CASE("nothing is read behind the end, wherever a text breaks off") {
  const std::string whole = R"({"a": {"b": ["x\u00e9\"", 1, true, null]}, "c": "\ud83d\ude00"})";
  CHECK(rl_json_is_object(rl::str(whole)) == 1);
  for (size_t length = 0; length < whole.size(); ++length) {
    // A copy of exactly that size, so that a sanitizer sees one byte too many.
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<long>(length));
    const rl_str text{cut.data(), cut.size()};
    INFO(std::string(cut.begin(), cut.end()));
    CHECK(rl_json_is_object(text) == 0);
    CHECK(rl_json_find(text, "none").ptr == nullptr);
    const std::string c = rl::text(rl::view(text), "c");
    CHECK((c.empty() || c == "😀"));
  }
  for (const char* junk : {"", "{", "}", "]", "{]", "<html>", "{\"a\" 1}", "{\"a\":}", "{,}", "[1]",
                           "{\"a\":1} x", "nul", "\"a\""})
    CHECK(rl_json_find(rl::str(junk), "b").ptr == nullptr);
  CHECK(rl_json_is_object(rl::str("{\"a\":1} x")) == 0);
  CHECK(rl_json_is_object(rl::str("<html>")) == 0);
  CHECK(rl_json_is_object({nullptr, 0}) == 0);
}

TEST_CASE("a text becomes one segment of a URL") {
  CHECK(rl::url_quoted("c-1_a.b~") == "c-1_a.b~");
  CHECK(rl::url_quoted("../a b?é") == "..%2Fa%20b%3F%C3%A9");
}

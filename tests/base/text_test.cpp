#include "base/text.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("the nearest word is suggested, and only a near one") {
  const std::vector<std::string> words = {"voicemail", "no_answer", "busy", "email"};
  CHECK(closest("voicemial", words) == "voicemail");
  CHECK(closest("emial", words) == "email");
  CHECK(closest("bussy", words) == "busy");
  CHECK(closest("no-answer", words) == "no_answer");
  CHECK(closest("purple", words).empty());
  CHECK(closest("x", words).empty());
  CHECK(closest("", words).empty());
  CHECK(did_you_mean("voicemial", words) == "did you mean 'voicemail'?");
  CHECK(did_you_mean("purple", words).empty());
}

TEST_CASE("UTF-8 is checked as the standard defines it") {
  for (std::string_view good : {"", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    CHECK(valid_utf8(good));
  }
  for (std::string_view bad :
       {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xff", "a\xe2\x82", "\xe2\x28\xa1"}) {
    CHECK_FALSE(valid_utf8(bad));
  }
  CHECK(repaired_utf8("a\xff\xc3\xa9") == "a\xef\xbf\xbd\xc3\xa9");
}

TEST_CASE("splitting keeps empty parts and joining puts them back") {
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
  CHECK(join({"a", "", "b"}, ", ") == "a, , b");
  CHECK(join({}, ",").empty());
}

TEST_CASE("a file that cannot be read says why") {
  CHECK(read_file(RELANCE_SOURCE_DIR "/CMakeLists.txt")->find("project(relance") !=
        std::string::npos);
  CHECK(read_file("/nonexistent/x").error().code == Code::file_not_found);
  CHECK(read_file(RELANCE_SOURCE_DIR).error().code == Code::file_unreadable);
}

#include "tidy/strip.h"

#include <catch2/catch.hpp>

using namespace tidy;

TEST_CASE("comments, texts and preprocessor lines are no code") {
  CHECK(strip({"int a;  // rand()"})[0] == "int a;           ");
  CHECK(strip({R"(f("rand() \" {", 'x');)"})[0].find("rand") == std::string::npos);
  CHECK(strip({"a /* {", "rand() */ b"}) == std::vector<std::string>{"a     ", "          b"});
  CHECK(strip({"#define X {", "y"})[0].find('{') == std::string::npos);
  CHECK(strip({"#define X \\", "  {", "y"})[1].find('{') == std::string::npos);
  CHECK(strip({"int x = 1'000; f('{');"})[0].find('{') == std::string::npos);
  CHECK(strip({"int x = 1'000; g();"})[0] == "int x = 1'000; g();");
}

TEST_CASE("functions are found with their length, whatever stands around them") {
  const std::vector<Function> found = functions_of(strip({
      "namespace a {",
      "class B : public C {",
      "  int f() {",
      "    if (x) { y(); }",
      "  }",
      "};",
      "int table[] = {1, 2,",
      "  3};",
      "template <class T>",
      "void g(int a,",
      "       int b) {",
      "}",
      "}",
  }));
  REQUIRE(found.size() == 2);
  CHECK(found[0].first_line == 3);
  CHECK(found[0].lines == 3);
  CHECK(found[1].first_line == 9);
  CHECK(found[1].lines == 4);
}

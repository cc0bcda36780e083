// Texts that have variables only are rendered without the library: they read as it renders them.
#include "script/mustache.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

Doc text(std::string_view v) { return Doc::text(v); }

MustacheValues values() {
  MustacheValues all("en", Zone::utc());
  all.add(Doc::record({{"name", text("Ann <\"&'>")},
                       {"city", text("Lyon")},
                       {"shop", Doc::record({{"name", text("A shop")}, {"town", text("Nice")}})},
                       {"paid", Doc::boolean(true)},
                       {"items", Doc::list({text("a"), text("b")})}}));
  all.add(Doc::record({{"city", Doc()},
                       {"amount", Doc::money({4900, *Currency::parse("EUR")})},
                       {"count", Doc::integer(3)},
                       {"shop", Doc::record({{"name", text("Another")}})}}));
  return all;
}

std::string rendered(const std::string& text, bool html) {
  auto out = values().render(text, html);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("a text of variables only reads as the same text within a section") {
  for (const std::string all :
       {"", "no tag", "{{name}}", "{{{name}}}", "{{& name }}", "a {{ name }} b\n{{name}}\n",
        "{{nobody}}|{{city}}|{{shop}}|{{items}}|{{paid}}", "{{shop.name}} {{shop.town}} {{name.x}}",
        "{{amount}} for {{count}}\r\n{{amount}}}}", "{ {name} } }} {{name}}}",
        "{{shop.nothing.there}}{{name}}{{name}}"}) {
    for (const bool html : {false, true}) {
      CAPTURE(all, html);
      const auto plain = values().render(all, html);
      const auto within = values().render("{{#paid}}" + all + "{{/paid}}", html);
      REQUIRE(plain.ok() == within.ok());
      if (plain) CHECK(*plain == *within);
    }
  }
}

TEST_CASE("of two records the later one's field stands for all of the earlier one's") {
  CHECK(rendered("{{shop.name}}, {{shop.town}}.", false) == "Another, .");
  CHECK(rendered("{{city}}.", false) == ".");
  CHECK(rendered("{{name}}", true) == "Ann &lt;&quot;&amp;&apos;&gt;");
  CHECK(rendered("{{{name}}}", true) == "Ann <\"&'>");
}

TEST_CASE("a text that would grow beyond a megabyte is refused, with and without sections") {
  MustacheValues large("en", Zone::utc());
  large.add(Doc::record({{"much", text(std::string(600'000, 'x'))}}));
  CHECK(large.render("{{much}}", false));
  CHECK_FALSE(large.render("{{much}}{{much}}", false));
  CHECK_FALSE(large.render("{{#much}}{{much}}{{much}}{{/much}}", false));
}

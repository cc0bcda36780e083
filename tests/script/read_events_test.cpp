#include "script/read_events.h"

#include <catch2/catch.hpp>

#include "script/reading.h"

namespace relance {
namespace {

struct Events {
  EventCatalogue catalogue = EventCatalogue::shipped();
  std::string problems;

  explicit Events(std::string text) {
    Reading reading(Sheet::events, "events.lua", std::move(text));
    read_events(reading.value, reading.file, catalogue, reading.findings);
    problems = reading.problems();
  }
};

}  // namespace

TEST_CASE("events.lua lays its types and fields over the shipped catalogue") {
  const Events events(R"(
return events {
  ["payment.failed"] = { plan = text },
  ["loyalty.reached"] = { about = "customer", level = number, since = date, at = instant,
                          worth = money, gift = boolean, more = record },
}
)");
  CHECK(events.problems.empty());
  CHECK(events.catalogue.find("payment.failed")->fields.at("plan") == FieldType::text);
  CHECK(events.catalogue.find("payment.failed")->fields.at("amount") == FieldType::money);
  const EventType* loyalty = events.catalogue.find("loyalty.reached");
  REQUIRE(loyalty != nullptr);
  CHECK(loyalty->about == "customer");
  CHECK(loyalty->fields.size() == 6);
  CHECK(loyalty->fields.at("worth") == FieldType::money);
}

TEST_CASE("Every slip of events.lua stands at its line, all at once") {
  const Events events(R"(return events {
  ["Payment Failed"] = { plan = text },
  ["order.shipped"] = {
    carrier = "text",
    weight = "nunber",
    about = "custmer",
  },
  ["order.lost"] = text,
  ["relance.run.started"] = {},
}
)");
  CHECK(events.problems ==
        "events.lua:2: error E0210: 'Payment Failed' is not the name of an event; write lower-case "
        "words with a dot: \"loyalty.reached\"\n"
        "events.lua:4: error E0210: field 'carrier' of event 'order.shipped' wants a type (text, "
        "number, money, instant, date, boolean, record), not the text 'text'; write text without "
        "quotes\n"
        "events.lua:5: error E0210: field 'weight' of event 'order.shipped' wants a type (text, "
        "number, money, instant, date, boolean, record), not the text 'nunber'; did you mean "
        "'number'?\n"
        "events.lua:6: error E0210: 'about' of event 'order.shipped' is \"customer\" or \"touch\", "
        "not the text 'custmer'; did you mean 'customer'?\n"
        "events.lua:8: error E0210: event 'order.lost' wants a table of fields, not 'text'; for "
        "example { order_id = text, amount = money }\n"
        "events.lua:9: error E0210: 'relance.run.started' belongs to Relance itself; choose "
        "another name\n");
}

TEST_CASE("A file that returns something else is no events.lua") {
  CHECK(Events("return {}").problems ==
        "events.lua: error E0210: this file returns a table, not an event catalogue; end it with "
        "return events { ... }\n");
}

}  // namespace relance

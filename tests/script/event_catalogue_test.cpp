#include "script/event_catalogue.h"

#include <catch2/catch.hpp>

#include "base/text.h"

namespace relance {
namespace {

// A whole envelope around `data`; single quotes stand for double ones, to keep the tests readable.
std::string event(std::string_view type, std::string_view data, std::string_view more = "") {
  std::string text = "{'specversion':'1.0','id':'e-1','source':'shop','type':'" +
                     std::string(type) + "','time':'2026-01-05T08:00:00Z','subject':'c-1'" +
                     std::string(more) + ",'data':" + std::string(data) + "}";
  for (char& c : text) {
    if (c == '\'') c = '"';
  }
  return text;
}

Result<ParsedEvent> parse(const std::string& json) {
  return parse_event(json, EventCatalogue::shipped(), "shop");
}

Error refused(const std::string& json) {
  const Result<ParsedEvent> parsed = parse(json);
  REQUIRE_FALSE(parsed.ok());
  return parsed.error();
}

}  // namespace

TEST_CASE("An event gives its attributes and its typed fields") {
  const auto parsed = parse(event("pickup.scheduled",
                                  "{'return_id':'r-1','pickup_at':'2026-01-06T09:00:00+01:00',"
                                  "'items':[{'sku':'a'}]}"));
  REQUIRE(parsed.ok());
  CHECK(parsed->tenant == "shop");
  CHECK(parsed->event.id == "e-1");
  CHECK(parsed->event.source == "shop");
  CHECK(parsed->event.type == "pickup.scheduled");
  CHECK(parsed->event.subject == "c-1");
  CHECK(format_instant(parsed->event.time) == "2026-01-05T08:00:00Z");
  const DocView data = parsed->event.data;
  CHECK(data.find("return_id").text() == "r-1");
  CHECK(format_instant(data.find("pickup_at").instant().value()) == "2026-01-06T08:00:00Z");
  CHECK(data.find("items").size() == 1);
}

TEST_CASE("Money is read in both of its shapes") {
  for (const char* amount :
       {"{'minor':4900,'currency':'EUR'}", "{'amount':'49.00','currency':'EUR'}"}) {
    const auto parsed = parse(
        event("payment.succeeded", "{'invoice_id':'i-1','amount':" + std::string(amount) + "}"));
    REQUIRE(parsed.ok());
    CHECK(parsed->event.data.view().find("amount").money()->text() == "49.00 EUR");
  }
}

TEST_CASE("A date field becomes a date") {
  const auto parsed =
      parse(event("refund.initiated", "{'return_id':'r-1','expected_on':'2026-02-01'}"));
  REQUIRE(parsed.ok());
  CHECK(format_date(parsed->event.data.view().find("expected_on").date().value()) == "2026-02-01");
}

TEST_CASE("Fields that the catalogue does not know stay as they are; null counts as absent") {
  const auto parsed =
      parse(event("invoice.voided", "{'invoice_id':null,'note':'x','when':'2026-01-06'}"));
  REQUIRE(parsed.ok());
  CHECK(parsed->event.data.view().find("note").text() == "x");
  CHECK(parsed->event.data.view().find("when").text() == "2026-01-06");
  CHECK(parsed->event.data.view().find("invoice_id").is_null());
}

TEST_CASE("An event without data has an empty record") {
  const auto parsed =
      parse(R"({"specversion":"1.0","id":"1","source":"s","type":"payment_method.updated",)"
            R"("time":"2026-01-05T08:00:00Z","subject":"c"})");
  REQUIRE(parsed.ok());
  CHECK(parsed->event.data == Doc::empty_record());
}

TEST_CASE("The tenant of the event goes before the only one") {
  const auto parsed = parse(event("payment_method.updated", "{}", ",'tenant':'other'"));
  REQUIRE(parsed.ok());
  CHECK(parsed->tenant == "other");
}

TEST_CASE("The same event of another tenant, source or subject is another event") {
  const auto hash = [](const std::string& json) { return parse(json)->event.hash; };
  const uint64_t first = hash(event("payment_method.updated", "{}"));
  CHECK(first == hash(event("payment_method.updated", "{'a':1}")));
  CHECK(first != hash(event("payment_method.updated", "{}", ",'tenant':'other'")));
}

TEST_CASE("An event may name the touch it is about") {
  const Key key = derive_key({"touch"});
  const auto parsed = parse(event("link.clicked", "{}", ",'touch':'" + key.text() + "'"));
  REQUIRE(parsed.ok());
  CHECK(parsed->event.touch == key);
  CHECK(refused(event("link.clicked", "{}", ",'touch':'t-1'")).code == Code::event_bad_field);
}

TEST_CASE("What is missing is named") {
  for (const char* name : {"specversion", "id", "source", "type", "time", "subject"}) {
    std::string json = event("payment_method.updated", "{}");
    json.replace(json.find("\"" + std::string(name) + "\":"), std::string(name).size() + 2,
                 "\"x-" + std::string(name) + "\"");
    const Error error = refused(json);
    CHECK(error.code == Code::event_incomplete);
    CHECK(error.message == "'" + std::string(name) + "' is missing");
  }
}

TEST_CASE("A field of another type is refused with its place and the way to write it") {
  const Error money = refused(event("payment.failed", "{'invoice_id':'i','amount':'49.00'}"));
  CHECK(money.code == Code::event_bad_field);
  CHECK(money.message == "'data.amount' must be money, and is text");
  CHECK(money.hint ==
        R"(write {"minor": 4900, "currency": "EUR"} or {"amount": "49.00", "currency": "EUR"})");
  CHECK(refused(event("payment.failed", "{'invoice_id':7}")).message ==
        "'data.invoice_id' must be text, and is integer");
  CHECK(refused(event("payment.failed", "{'attempt_no':'2'}")).hint == "write it without quotes");
  CHECK(refused(event("pickup.scheduled", "{'pickup_at':'tomorrow'}")).message ==
        "'data.pickup_at' must be instant, and is text");
  CHECK(refused(event("payment.failed", "[1]")).message ==
        "'data' must be a JSON object, and is list");
}

TEST_CASE("An unknown type names the nearest known one") {
  const Error error = refused(event("payment.faild", "{}"));
  CHECK(error.code == Code::event_unknown_type);
  CHECK(error.message == "'type': no event type 'payment.faild' is declared");
  CHECK(error.hint == "did you mean 'payment.failed'?");
}

TEST_CASE("Attributes must be what CloudEvents asks for") {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string json = event("payment_method.updated", "{}");
    json.replace(json.find(from), from.size(), to);
    return refused(json);
  };
  CHECK(with("1.0", "0.3").message == "'specversion' must be \"1.0\", and is \"0.3\"");
  CHECK(with("2026-01-05T08:00:00Z", "yesterday").code == Code::event_bad_field);
  CHECK(with("\"e-1\"", "17").message == "'id' must be text, and is integer");
  CHECK(with("e-1", std::string(2000, 'x')).message == "'id' is longer than 1024 bytes");
  CHECK(refused(event("payment_method.updated", "{}", ",'datacontenttype':'text/xml'")).code ==
        Code::event_bad_field);
  CHECK(refused(event("payment_method.updated", "{}", ",'data_base64':'AAAA'")).code ==
        Code::event_bad_field);
}

TEST_CASE("Lines beyond the limits are refused by name") {
  CHECK(refused(std::string(kMaxEventBytes + 1, ' ')).code == Code::event_too_large);
  CHECK(refused("").code == Code::event_malformed);
  CHECK(refused("[1]").message == "the event is not a JSON object");
  CHECK(refused(event("payment_method.updated", "{'a':'\xff'}")).code == Code::event_malformed);
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  CHECK(refused(event("payment_method.updated", "{'a':" + deep + "}")).code ==
        Code::event_too_deep);
}

TEST_CASE("The shipped catalogue knows what each type is about") {
  const EventCatalogue shipped = EventCatalogue::shipped();
  CHECK(shipped.find("link.clicked")->about == "touch");
  CHECK(shipped.find("payment_method.updated")->about == "customer");
  CHECK(shipped.find("payment.failed")->about.empty());
  CHECK(shipped.find("payment.failed")->fields.at("amount") == FieldType::money);
  CHECK(shipped.find("nothing.happened") == nullptr);
}

TEST_CASE("A type laid over a shipped one adds fields and keeps the others") {
  EventCatalogue catalogue = EventCatalogue::shipped();
  catalogue.add(
      {"payment.failed", {{"store", FieldType::text}, {"attempt_no", FieldType::text}}, ""});
  catalogue.add({"loyalty.reached", {{"level", FieldType::number}}, "customer"});
  const EventType* failed = catalogue.find("payment.failed");
  CHECK(failed->fields.at("store") == FieldType::text);
  CHECK(failed->fields.at("attempt_no") == FieldType::text);
  CHECK(failed->fields.at("amount") == FieldType::money);
  CHECK(catalogue.find("loyalty.reached")->about == "customer");
}

TEST_CASE("Data of a plugin's event is typed as that of a line") {
  const Doc data = Doc::record({{"expected_on", Doc::text("2026-02-01")}});
  const auto typed = type_event_data("refund.initiated", data, EventCatalogue::shipped());
  REQUIRE(typed.ok());
  CHECK(typed->view().find("expected_on").date().has_value());
  CHECK(type_event_data("refund.started", data, EventCatalogue::shipped()).error().code ==
        Code::event_unknown_type);
}

TEST_CASE("Every shipped event stands in the reference page") {
  const auto page = read_file(std::string(RELANCE_SOURCE_DIR) + "/docs/reference/events.md");
  REQUIRE(page.ok());
  for (const auto& [name, type] : EventCatalogue::shipped().types()) {
    CAPTURE(name);
    CHECK(page->find("`" + name + "`") != std::string::npos);
    for (const auto& [field, kind] : type.fields) {
      CAPTURE(field);
      CHECK(page->find(field) != std::string::npos);
    }
  }
}

}  // namespace relance

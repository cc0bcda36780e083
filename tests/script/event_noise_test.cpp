#include <catch2/catch.hpp>

#include "base/random.h"
#include "script/event_catalogue.h"

namespace relance {
namespace {

constexpr std::string_view kEvent =
    R"({"specversion":"1.0","id":"e-1","source":"shop","type":"payment.failed",)"
    R"("time":"2026-01-05T08:00:00Z","subject":"c-1","data":{"invoice_id":"i-1",)"
    R"("amount":{"minor":4900,"currency":"EUR"},"attempt_no":1,)"
    R"("decline":{"provider":"stripe","raw_code":"insufficient_funds",)"
    R"("network_advice_code":"25"}}})";

// One line made worse in one to four places: a byte changed, dropped, doubled, or the rest cut off.
std::string damaged(int seed) {
  std::string line(kEvent);
  const auto drawn = [&](std::string_view what, int i, size_t below) {
    const double unit = unit_hash({"event noise", what, std::to_string(seed), std::to_string(i)});
    return static_cast<size_t>(unit * static_cast<double>(below));
  };
  const int places = 1 + static_cast<int>(drawn("places", 0, 4));
  for (int i = 0; i < places && !line.empty(); ++i) {
    const size_t at = drawn("at", i, line.size());
    switch (drawn("how", i, 8)) {
      case 0: line.resize(at); break;
      case 1: line.erase(at, 1 + drawn("length", i, 20)); break;
      case 2: line.insert(at, line.substr(at, 1 + drawn("length", i, 20))); break;
      default: line[at] = static_cast<char>(drawn("byte", i, 256));
    }
  }
  return line;
}

}  // namespace

TEST_CASE("A damaged line is an event or an error that says why, whatever the damage") {
  int taken = 0;
  int refused = 0;
  for (int seed = 0; seed < 5'000; ++seed) {
    const std::string line = damaged(seed);
    CAPTURE(seed, line);
    const auto parsed = parse_event(line, EventCatalogue::shipped(), "shop");
    if (!parsed.ok()) {
      ++refused;
      REQUIRE_FALSE(parsed.error().message.empty());
      REQUIRE(parsed.error().code >= Code::event_malformed);
      REQUIRE(parsed.error().code <= Code::event_unknown_type);
      continue;
    }
    ++taken;
    REQUIRE_FALSE(parsed->event.id.empty());
    REQUIRE(Doc::from_bytes(parsed->event.data.bytes()).ok());
    const auto again = type_event_data(parsed->event.type, parsed->event.data,
                                       EventCatalogue::shipped(), parsed->event.time);
    REQUIRE(again.ok());
    REQUIRE(*again == parsed->event.data);
  }
  CHECK(taken > 100);
  CHECK(refused > 1'000);
}

}  // namespace relance

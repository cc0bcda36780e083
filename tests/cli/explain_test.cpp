// `relance explain` for one customer in four flows: what was said, why not on Tuesday, when next.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

std::string event(const std::string& id, const std::string& type, const std::string& time,
                  const std::string& data) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/shop","type":")" + type +
         R"(","time":")" + time + R"(","subject":"ann","data":{)" + data + "}}\n";
}

void has(const std::string& text, const std::string& part) {
  INFO(part);
  const bool there = text.find(part) != std::string::npos;
  CHECK(there);
}

}  // namespace

TEST_CASE("explain answers for a customer in four flows what, why not on Tuesday, and when next",
          "[S0-25][S1-68][S2-31]") {
  const fs::path home = fresh_directory("explain_four");
  const std::string money = R"("amount":{"amount":"49.00","currency":"EUR"})";
  write(
      home / "events.jsonl",  // all times are UTC: an hour before the customer's clock
      event("1", "order.placed", "2026-01-05T09:00:00Z", R"("order_id":"o-1",)" + money) +
          event("2", "refund.initiated", "2026-01-05T12:00:00Z", R"("return_id":"r-1",)" + money) +
          event("3", "customer.updated", "2026-01-06T08:00:00Z", R"("fields":{})") +
          event("4", "payment.failed", "2026-01-06T09:00:00Z",
                R"("invoice_id":"i-1",)" + money +
                    R"(,"decline":{"provider":"stripe","raw_code":"insufficient_funds"})"));
  const std::string store = home / "store.db";
  const Answer ran = command({"run", kSource / "tests/cli/bundles/four", "--events",
                              home / "events.jsonl", "--store", store, "--clock", "virtual",
                              "--sandbox", "--until", "2026-01-06T20:00:00Z"});
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  const std::string story = command({"explain", "ann", "--store", store}).out;
  INFO(story);

  // All flows on one page, in order.
  has(story, "The flow 'confirm' began.");
  has(story, "The flow 'refund' began.");
  has(story, "The flow 'win_back' did not begin.");
  has(story, "The flow 'recovery' began.");
  // What was said.
  has(story, "call: spoken of: disclosure, hello, ask: \"yes\", bye.");
  has(story, "text: an SMS was sent. It said \"Hello Ann, your refund is on its way.\"");
  has(story, "mail: an e-mail was sent. It said \"Your payment of €49.00\"");
  // Why the call did not go out on Tuesday, with the contact that used up the cap.
  has(story, "Tue 2026-01-06");
  has(story, "call: a call was put off until Wed 2026-01-07 10:00.");
  has(story, "cap 1, counted 1");
  // When the next touch comes: by the same clock, soonest first.
  const size_t next = story.find("call: put off; asked again then (in 'recovery')");
  CHECK(next != std::string::npos);
  const size_t later = story.find("later: waits (in 'refund')");
  CHECK(later != std::string::npos);
  CHECK(next < later);
}

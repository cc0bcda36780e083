// Numbers that must not be called, from files.
#include "node/do_not_call.h"

#include "node/town.h"

using namespace relance;
using namespace relance::test;

namespace {

uint64_t number(std::string_view text) { return normalised_address("sms", text).hash; }

DoNotCallList parsed(std::string_view text) {
  auto list = parse_do_not_call({"dnc.csv", {}}, "flows/dnc.csv", text);
  REQUIRE(list);
  return *list;
}

}  // namespace

TEST_CASE("a do-not-call file is numbers, with remarks and columns for people") {
  const DoNotCallList list = parsed(
      "\xEF\xBB\xBF# our own list, as of 2026-11-01\r\n"
      "phone,reason\r\n"
      "+33612345678,by letter\r\n"
      "\r\n"
      "00 33 (0)6 11-22-33-44; call\r\n");
  CHECK(list.numbers.size() == 2);
  CHECK(list.has(number("+33612345678")));
  CHECK(list.has(number("+33 6 11 22 33 44")));
  CHECK_FALSE(list.has(number("+33612345679")));
  CHECK(list.title() == "dnc.csv of 2026-11-01");
  CHECK(parsed("+33612345678").title() == "dnc.csv");
  CHECK(parsed("").numbers.empty());
}

TEST_CASE("a file of which a line is no number is no list, and the line is named") {
  const auto list =
      parse_do_not_call({"dnc.csv", {}}, "flows/dnc.csv", "+33612345678\n0612345678\n");
  REQUIRE_FALSE(list);
  CHECK(list.error().code == Code::do_not_call_unreadable);
  CHECK(list.error().where.file == "flows/dnc.csv");
  CHECK(list.error().where.line == 2);
  CHECK_FALSE(read_do_not_call({{"there-is-none.csv", {}}}, "tests"));
}

TEST_CASE("a list that is replaced holds from the next touch on", "[S1-72]") {
  FakeRules rules;
  rules.add_channel("sms", "sms");
  rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  SendStep text = mail();
  text.via = text.channel_kind = "sms";
  rules.add(flow("remind", {step("text", text)}));
  rules.rules.do_not_call = {{"dnc.csv", {}}};
  World world;
  Town town(rules, world, {});
  const auto take = [&](std::string_view lines) {
    auto lists = std::make_shared<DoNotCallLists>();
    lists->push_back(parsed(lines));
    town.node->do_not_call(lists);
  };
  take("+33639980001");  // everybody's number here
  town.payment_failed("c-1", "i-1");
  REQUIRE(town.run(kMonday + hours(1)));
  CHECK(world.sent.empty());
  take("# as of 2026-01-05");
  town.payment_failed("c-1", "i-2");
  REQUIRE(town.run(kMonday + hours(2)));
  CHECK(world.sent.size() == 1);
}

// A touch that is repeated is told the same as the first time, whatever has changed since.
#include "node/outbox.h"

#include "core/state/opened.h"
#include "plugins/c_touch.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Repeats {
  FakeRules rules;
  Desk desk{rules};

  Repeats() {
    rules.add_channel("email", "email");
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    Flow pay = flow("pay", {step("retry", charge()), step("mail", mail())});
    pay.updates = {{"payment.attempted", {}}};
    pay.goal = {{"payment.succeeded", {}}};
    rules.add(std::move(pay));
    desk.failed_payment();
    charge_order = order_of("retry", desk.effects);
    desk.profile();
    mail_order = order_of("mail", desk.effects);
  }

  // What the channel is told, as the plugin sees it.
  std::string order_of(const std::string& step, const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
      const auto* send = std::get_if<Send>(&effect);
      if (send && send->touch.step_name == step)
        return told(*std::get<SendOut>(make_ready(effect, desk.customer, rules)).order);
    }
    FAIL("nothing is sent by " << step);
    return "";
  }
  static std::string told(const TouchOrder& order) {
    const CTouch touch(order, false);
    const rl_touch& c = *touch.c();
    return std::string(c.data.ptr, c.data.len) + "\n" + std::string(c.history.ptr, c.history.len) +
           "\n" + order.to + "\n" + order.locale;
  }
  std::string repeat_of(const std::string& step) {
    const Touch& touch = desk.open_touch(step);
    return order_of(step, {Send{desk.customer.id, touch, true, false}});
  }

  std::string charge_order, mail_order;
};

}  // namespace

TEST_CASE_METHOD(Repeats, "a repeat is told the event of its intent, also when an update came") {
  desk.event("payment.attempted", Doc::record({{"invoice_id", Doc::text("i-1")},
                                               {"amount", Doc::money({100, Desk::eur()})}}));
  REQUIRE(
      opened(desk.customer.id, desk.customer.runs[0].event).view().find("amount").money()->minor ==
      100);
  CHECK(repeat_of("retry") == charge_order);
  CHECK(repeat_of("mail") == mail_order);
}

TEST_CASE_METHOD(Repeats, "a repeat is told the profile of its intent, also where there was none") {
  CHECK(charge_order.find("Ann") == std::string::npos);
  CHECK(repeat_of("retry") == charge_order);
  CHECK(mail_order.find("Ann") != std::string::npos);
  apply(
      desk.customer,
      ProfileRead{seal(desk.customer.id, Doc::record({{"first_name", Doc::text("Bea")}}).bytes())},
      {desk.now, nullptr});
  CHECK(repeat_of("mail") == mail_order);
}

TEST_CASE_METHOD(Repeats, "a repeat is told the same after its run has ended") {
  desk.paid();
  CHECK(repeat_of("retry") == charge_order);
  CHECK(repeat_of("mail") == mail_order);
}

TEST_CASE_METHOD(Repeats, "earlier contacts are told with the outcomes that were known by then") {
  desk.failed_payment("i-2");
  const std::string second = order_of("mail", desk.effects);
  CHECK(second.find("\"outcome\":\"\"") != std::string::npos);
  desk.answer("mail", OperationStatus::done, "delivered");
  CHECK(repeat_of("mail") == second);
  desk.failed_payment("i-3");
  CHECK(order_of("mail", desk.effects).find("delivered") != std::string::npos);
}

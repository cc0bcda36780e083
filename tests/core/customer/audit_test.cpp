// The audit finds what the rules forbid: lives decided under lax rules, measured by strict ones.
#include "core/customer/audit.h"

#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules lax;
  ContactRules strict;

  Shop() {
    lax.add_channel("email", "email");
    lax.add_channel("retry", "retry");
    lax.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    for (const char* type : {"support.opened", "support.closed", "consent.withdrawn"})
      lax.abouts[type] = "customer";
  }

  Flow& add(std::string name, Purpose purpose = Purpose::recovery, SendStep send = mail()) {
    Flow made = flow(name, {step("note", std::move(send))});
    made.start = {{name, {}}};
    made.key = {};
    made.purpose = purpose;
    return lax.add(std::move(made));
  }

  // The rules that were broken, in order, and none twice.
  std::string broken(const Desk& desk) const {
    SuppressedSince suppressed;
    Audit audit(suppressed);
    std::vector<Breach> found;
    const AuditRules rules{strict, [this](const Key& version) { return lax.flow(version); }};
    for (const Entry& entry : desk.entries) audit.take(entry, rules, found);
    std::string all;
    for (const Breach& breach : found) {
      CHECK(breach.customer == desk.customer.id);
      CHECK(breach.text.find(breach.rule + ": ") == 0);
      if (all.find(breach.rule) == std::string::npos) all += (all.empty() ? "" : " ") + breach.rule;
    }
    return all;
  }
};

struct Seated : Desk {
  explicit Seated(FakeRules& rules) : Desk(rules) {}
  void begin(const std::string& flow) {
    event(flow, Doc::empty_record());
    for (const Run& run : customer.runs)
      for (const StepState& state : run.steps)
        if (state.phase == Phase::reading) return static_cast<void>(profile());
  }
  void told(std::string type, Doc data = Doc::empty_record(), Key touch = {}) {
    const std::string id = "t-" + std::to_string(entries.size());
    feed(EventInput{id, "test", std::move(type), "c-1", now, std::move(data),
                    event_hash("shop", "c-1", "test", id), touch});
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "two contacts too close together break gap, cap, max and mutex", "[S2-23]") {
  add("one");
  add("two");
  Seated desk(lax);
  desk.begin("one");
  desk.now = desk.now + hours(2);
  desk.begin("two");
  REQUIRE(desk.customer.touches.size() == 2);
  CHECK(broken(desk).empty());
  strict.gap = hours(2);
  CHECK(broken(desk).empty());
  strict.gap = hours(2) + milliseconds(1);
  CHECK(broken(desk) == "gap");
  strict.gap.reset();
  strict.caps = {{{"email", {}}, 1, hours(2)}};
  CHECK(broken(desk).empty());
  strict.caps[0].per = hours(3);
  CHECK(broken(desk) == "cap");
  strict.caps[0].scope.channel = "sms";
  CHECK(broken(desk).empty());
  strict.exclusions.max = {{{}, 1, hours(3)}};
  CHECK(broken(desk) == "max");
  strict.exclusions.max.clear();
  strict.exclusions.mutex = {{{"one", "two"}, hours(3)}};
  CHECK(broken(desk) == "mutex");
  strict.exclusions.mutex[0].flows = {"one", "three"};
  CHECK(broken(desk).empty());
}

TEST_CASE_METHOD(Shop,
                 "a lifted rule is not broken, and what the customer asked for minds max only",
                 "[S1-03]") {
  SendStep lifted = mail();
  lifted.overrides = {{"gap", "why"}, {"cap", "why"}};
  add("one");
  add("two", Purpose::service, lifted);
  SendStep asked = mail();
  asked.requested = true;
  add("three", Purpose::service, asked);
  Seated desk(lax);
  for (const char* name : {"one", "two", "three"}) desk.begin(name);
  REQUIRE(desk.customer.touches.size() == 3);
  strict.gap = hours(2);
  strict.caps = {{{}, 1, hours(3)}};
  CHECK(broken(desk).empty());
  strict.exclusions.max = {{{}, 2, hours(3)}};
  CHECK(broken(desk) == "max");
}

TEST_CASE_METHOD(Shop, "a contact while a marker is open breaks never", "[S1-64]") {
  add("one");
  Seated desk(lax);
  desk.told("support.opened");
  desk.now = desk.now + hours(1);
  desk.begin("one");
  desk.told("support.closed");
  desk.now = desk.now + hours(3);
  desk.begin("one");
  strict.exclusions.markers = {{"busy", {"support.opened"}, {"support.closed"}, {}, {}}};
  NeverRule never;
  never.during = "busy";
  strict.exclusions.never = {never};
  CHECK(broken(desk) == "never");
  strict.exclusions.markers[0].at_most = minutes(30);
  CHECK(broken(desk).empty());
  strict.exclusions.never[0].within = hours(1);
  CHECK(broken(desk) == "never");
  strict.exclusions.never[0].scope.purpose = Purpose::marketing;
  CHECK(broken(desk).empty());
}

TEST_CASE_METHOD(Shop, "hours, consent, suppression and a response are measured", "[S1-45]") {
  add("campaign", Purpose::recovery, mail());
  Seated desk(lax);
  desk.begin("campaign");  // at 10:00 in UTC
  WindowRule window;
  window.from = *parse_time_of_day("10:00");
  window.to = *parse_time_of_day("11:00");
  strict.windows = {window};
  CHECK(broken(desk).empty());
  strict.windows[0].from = *parse_time_of_day("10:01");
  CHECK(broken(desk) == "window");
  strict.windows[0].to = *parse_time_of_day("10:01");
  strict.windows[0].from = *parse_time_of_day("23:00");  // over midnight
  CHECK(broken(desk).empty());
  strict.windows.clear();
  strict.consent_needed_for_recovery = true;
  CHECK(broken(desk) == "consent");
}

TEST_CASE_METHOD(Shop, "a second open charge, one after a refusal, and too many are found") {
  Seated desk(lax);
  ChargeStep often = charge(20);
  often.gap = hours(1);
  lax.add(flow("pay", {step("one", often)}));
  desk.failed_payment();
  for (int i = 0; i < 7; ++i) {
    desk.answer("one", OperationStatus::refused, "declined");
    desk.due();
  }
  CHECK(broken(desk).empty());
  REQUIRE(desk.customer.touches.size() == 8);
  Entry forged;  // the gate lets no such charge pass
  forged.customer = desk.customer.id;
  forged.at = desk.now;
  Touch ninth = desk.customer.touches.back();
  ninth.key = derive_key({"ninth"});
  forged.records = {TouchIntended{ninth, true}};
  desk.entries.push_back(forged);
  CHECK(broken(desk) == "charge ceiling");
}

TEST_CASE_METHOD(Shop, "a contact while a person has the case is found", "[S1-46]") {
  add("one");
  Seated desk(lax);
  desk.begin("one");
  Entry lease;
  lease.customer = desk.customer.id;
  lease.at = desk.now - minutes(1);
  lease.records = {LeaseChanged{{derive_key({"run"}), 0, desk.now + hours(1)}, true}};
  desk.entries.insert(desk.entries.begin(), lease);
  CHECK(broken(desk) == "lease");
}

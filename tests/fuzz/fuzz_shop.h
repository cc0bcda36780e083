// The rules under which the state fuzzer decides, a customer who has done most of what customers
// do, and one input of each kind.
#pragma once

#include "core/customer/decide.h"
#include "core/state/apply.h"
#include "support/fake_rules.h"

namespace relance::test {

struct NobodySuppressed final : Suppression {
  std::string reason(uint64_t) const override { return ""; }
};

struct RoomForSome final : Slots {
  bool take(const Want& want) override { return want.channel == "email"; }
};

inline std::vector<Step> steps_of_every_kind() {
  DecideStep decide;
  decide.kind = DecideStep::Kind::split;
  decide.split = {{"a", 50}, {"b", 50}};
  Step branch = step("branch", decide);
  branch.outcomes = {"a", "b"};
  FetchStep fetch;
  fetch.from = "crm";
  HoldStep hold;
  hold.on = "shop";
  hold.op = "hold";
  hold.undo = "free";
  hold.at_most = days(2);
  ActStep act;
  act.on = "shop";
  act.op = "look";
  HandoffStep handoff;
  handoff.queue = "billing";
  handoff.words = {"resolved"};
  RecordStep record;
  record.what = "note";
  return {step("profile", fetch),
          branch,
          step("mail", mail(2), on(0, {"found"})),
          step("pause", wait_for(hours(6)), on(2, {})),
          step("retry", charge(3), on(3, {})),
          step("hold", hold),
          step("look", act, on(5, {"done"})),
          step("heard", await("payment_method.updated", days(3))),
          step("human", handoff, on(4, {"failed", "declined"})),
          step("note", record, when_ended({RunEnd::expired, RunEnd::stopped}))};
}

inline const FakeRules& fuzz_rules() {
  static const auto* const kRules = [] {
    auto* rules = new FakeRules();
    rules->add_channel("email", "email", DeliveryClass::lookup);
    rules->add_channel("retry", "retry", DeliveryClass::keyed);
    rules->connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules->connectors["shop"] = Connector{"shop", DeliveryClass::keyed, false, hours(24), {}, 0};
    rules->add(flow("pay", steps_of_every_kind()));
    return rules;
  }();
  return *kRules;
}

inline const Instant kFuzzStart = Instant{1'767'607'200'000};  // 2026-01-05T10:00:00Z

inline Context fuzz_context(Instant now) {
  static const std::string kInstallation = "0123456789abcdef0123456789abcdef";
  static const NobodySuppressed kSuppression;
  static RoomForSome slots;
  return {now, 1'000'000, kInstallation, fuzz_rules(), kSuppression, slots, false};
}

inline EventInput fuzz_event(std::string type, const std::string& invoice, Instant at) {
  Doc data = Doc::record({{"invoice_id", Doc::text(invoice)},
                          {"amount", Doc::money({4900, *Currency::parse("EUR")})}});
  const std::string id = type + invoice;
  const uint64_t hash = event_hash("shop", "c-1", "fuzz", id);
  return {id, "fuzz", std::move(type), "c-1", at, std::move(data), hash, {}};
}

inline OperationResult fuzz_result(OperationStatus status, Instant at) {
  OperationResult result;
  result.status = status;
  result.wire = Wire::answered;
  result.refs = {"provider-1"};
  result.acted_at = at;
  result.data = Doc::record({{"email", Doc::text("ann@example.com")},
                             {"phone", Doc::text("+33639980001")},
                             {"timezone", Doc::text("UTC")}});
  return result;
}

// What might come for this customer, one of each kind.
inline std::vector<Input> fuzz_inputs(const Customer& customer, Instant now) {
  std::vector<Input> inputs = {fuzz_event("payment.failed", "i-9", now),
                               fuzz_event("payment.failed", "i-1", now),
                               fuzz_event("payment_method.updated", "i-1", now),
                               fuzz_event("payment.succeeded", "i-1", now),
                               DueInput{},
                               RecoverInput{1'000'000, {}, {}}};
  for (const Touch& touch : customer.touches) {
    if (inputs.size() > 14) break;
    inputs.emplace_back(ResultInput{touch.key, fuzz_result(OperationStatus::done, now)});
    inputs.emplace_back(LookUpInput{touch.key, fuzz_result(OperationStatus::absent, now)});
  }
  for (const Run& run : customer.runs) {
    for (const StepState& state : run.steps) {
      if (inputs.size() > 24) break;
      inputs.emplace_back(SlotInput{run.id, state.step, state.try_no, "retry"});
      inputs.emplace_back(ReadInput{state.touch, fuzz_result(OperationStatus::done, now)});
      inputs.emplace_back(HeardInput{state.touch, 1, "yes", "", "yes", {}, false});
      CommandInput command{"resolve", "ann", {}, run.id, "human", "resolved", {}};
      inputs.emplace_back(std::move(command));
    }
  }
  return inputs;
}

// Decides, and takes what was decided as the store would give it back.
inline std::string fuzz_decide(Customer& customer, const Input& input, Instant now) {
  Decision decision;
  decide(customer, input, fuzz_context(now), decision);
  if (decision.entry.records.empty()) return "";
  std::string bytes = encode_entry(decision.entry);
  finish_entry(customer, decision.entry.at, bytes);
  return bytes;
}

// Entries of a customer's life, each with the customer after it.
struct Life {
  Customer customer;
  std::vector<std::string> entries, snapshots;

  Life() {
    customer.id = customer_key("shop", "c-1");
    Instant now = kFuzzStart;
    note(fuzz_event("payment.failed", "i-1", now), now);
    for (int round = 0; round < 12; ++round) {
      for (const Input& input : fuzz_inputs(customer, now)) {
        const auto* event = std::get_if<EventInput>(&input);
        const bool ends = event != nullptr && event->type == "payment.succeeded";
        if (!ends || round == 9) note(input, now);
      }
      now = std::max(now + seconds(1), std::min(customer.next_due(), now + days(1)));
    }
  }

 private:
  void note(const Input& input, Instant now) {
    std::string entry = fuzz_decide(customer, input, now);
    if (entry.empty()) return;
    entries.push_back(std::move(entry));
    snapshots.push_back(encode_snapshot(customer));
  }
};

}  // namespace relance::test

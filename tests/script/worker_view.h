// A small customer with one run, and a View of them, for tests of functions.
#pragma once

#include "base/seal.h"
#include "core/run/view.h"

namespace relance {

struct RunToLookAt {
  Customer customer;
  Flow flow;
  Run run;

  RunToLookAt() {
    customer.id = customer_key("shop", "c-1");
    flow.name = "flow";
    for (const char* name : {"look", "call"}) {
      Step step;
      step.name = name;
      flow.steps.push_back(step);
    }
    run.id = derive_key({"run"});
    run.flow = "flow";
    run.failures = 2;
    set_event(
        {{"amount", Doc::money({4900, *Currency::parse("EUR")})},
         {"context", Doc::text("recurring")},
         {"items", Doc::list({Doc::text("a"), Doc::text("b")})},
         {"decline", Doc::record({{"action", Doc::text("retry_now")}, {"code", Doc::integer(51)}})},
         {"time", Doc::instant({1'000'000})}});
    customer.profile = sealed({{"segment", Doc::text("loyal")}});
    StepState& call = run.at(1);
    call.phase = Phase::ended;
    call.word = "voicemail";
    call.data = sealed({{"reason", Doc::text("no_funds")}});
    Touch touch;
    touch.channel = touch.channel_kind = "voice";
    touch.flow = "flow";
    touch.step_name = "call";
    touch.outcome = "voicemail";
    touch.intended_at = {500'000};
    customer.touches.push_back(touch);
    Memory promised;
    promised.kind = Memory::Kind::promised;
    promised.word = "pay_friday";
    customer.memory.push_back(promised);
  }

  Sealed sealed(std::vector<std::pair<std::string, Doc>> fields) const {
    return seal(customer.id, Doc::record(fields).bytes());
  }
  void set_event(std::vector<std::pair<std::string, Doc>> fields) {
    run.event = sealed(std::move(fields));
  }
  View view() const { return View(customer, run, flow, {2'000'000}); }
};

}  // namespace relance

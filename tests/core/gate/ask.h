// A question to the gate that would be allowed, for tests to spoil one thing at a time: Monday
// 2026-01-05 at noon in Paris, a call in a recovery flow, a customer who can be reached.
#pragma once

#include <catch2/catch.hpp>

#include "core/gate/gate.h"
#include "core/gate/packs.h"

namespace relance::test {

inline Instant at(std::string_view text) { return *parse_instant(text); }
inline TimeOfDay clock(std::string_view text) { return *parse_time_of_day(text); }
inline const Zone& zone(std::string_view name) { return **Zone::find(name); }

inline WindowRule window(std::string channel, std::string_view from, std::string_view to,
                         uint8_t weekdays = 0x7f) {
  return {{std::move(channel), {}}, clock(from), clock(to), weekdays};
}
constexpr uint8_t kMondayToFriday = 0x1f;

class Suppressed : public Suppression {
 public:
  std::string reason(uint64_t address) const override {
    return address == address_ ? reason_ : std::string();
  }
  std::string listed(uint64_t address, Purpose purpose) const override {
    return address == on_list_ && (!only_for || *only_for == purpose) ? "dnc.csv of 2026-01-01"
                                                                      : "";
  }
  void list(uint64_t address) { on_list_ = address; }
  std::optional<Purpose> only_for;  // the list's
  void put(uint64_t address, std::string reason) {
    address_ = address;
    reason_ = std::move(reason);
  }

 private:
  uint64_t address_ = 0;
  uint64_t on_list_ = 0;
  std::string reason_;
};

struct Ask {
  Customer customer;
  Run run;
  Instant now = at("2026-01-05T11:00:00Z");
  TouchWhat what = TouchWhat::message;
  std::string channel = "voice";
  Purpose purpose = Purpose::recovery;
  bool requested = false;
  std::vector<Override> overrides;
  std::optional<Instant> deadline;
  ContactRules rules, tighten;
  Suppressed suppressed;
  Doc profile = person("ada@example.com", "+33612345678", "Europe/Paris");
  std::string bundle_zone = "Europe/Paris";
  bool profile_needed = true;
  bool recheck_pending = false;
  bool channel_off = false;
  bool repeat = false;
  std::optional<Rival> rival;
  Instant held_until = Instant::never();

  Ask() {
    run.id = derive_key({"run"});
    run.flow = "this_flow";
    run.started_at = now - days(1);
    run.keys = {0, 77};
    run.expire_at = now + days(28);
  }

  void consented(Purpose to) {
    customer.consents = {{"", to, true, at("2025-01-01T00:00:00Z"), "checkout"}};
  }
  void use_pack(std::string_view name) {
    rules.packs.push_back(find_pack(name));
    REQUIRE(rules.packs.back() != nullptr);
  }

  static Doc person(std::string_view email, std::string_view phone, std::string_view timezone) {
    return Doc::record({{"email", Doc::text(email)},
                        {"phone", Doc::text(phone)},
                        {"timezone", Doc::text(timezone)}});
  }

  GateAnswer answer() const {
    return ask_gate({.customer = customer,
                     .run = run,
                     .step = 2,
                     .now = now,
                     .what = what,
                     .channel = channel,
                     .channel_kind = channel,
                     .purpose = purpose,
                     .requested = requested || repeat,
                     .repeat = repeat,
                     .overrides = overrides,
                     .deadline = deadline,
                     .rules = rules,
                     .tighten = tighten,
                     .suppression = suppressed,
                     .profile = profile,
                     .bundle_zone = zone(bundle_zone),
                     .profile_needed = profile_needed,
                     .recheck_pending = recheck_pending,
                     .channel_off = channel_off,
                     .rival = rival ? &*rival : nullptr,
                     .held_until = held_until});
  }

  // "allow", "hold outside_window 2026-01-05T08:00:00Z", "hold paused never resumed",
  // "need profile_unread", "deny no_consent".
  std::string verdict() const {
    const auto verdict = answer().verdict;
    if (std::holds_alternative<Allow>(verdict)) return "allow";
    if (auto* need = std::get_if<Need>(&verdict))
      return "need " + std::string(reason_name(need->reason));
    if (auto* deny = std::get_if<Deny>(&verdict))
      return "deny " + std::string(reason_name(deny->reason));
    const Hold& hold = std::get<Hold>(verdict);
    const std::string until = hold.until.is_never() ? "never" : format_instant(hold.until);
    return "hold " + std::string(reason_name(hold.reason)) + " " + until +
           (hold.event.empty() ? "" : " " + hold.event);
  }

  std::string facts() const { return to_json(answer().facts); }

  // A touch of the past, `before` now.
  Touch& touched(Duration before, std::string kind = "email", Purpose of = Purpose::recovery) {
    Touch touch;
    touch.key = derive_key({"touch", std::to_string(customer.touches.size())});
    touch.flow = "other_flow";
    touch.step_name = "note";
    touch.channel = touch.channel_kind = std::move(kind);
    touch.purpose = of;
    touch.state = TouchState::done;
    touch.outcome = "delivered";
    touch.intended_at = now - before;
    customer.touches.push_back(touch);
    return customer.touches.back();
  }

  // A charge of the past of the same bill by another step.
  Touch& charged(Duration before, std::string outcome = "declined") {
    Touch& touch = touched(before, "retry");
    touch.what = TouchWhat::charge;
    touch.run = run.id;
    touch.step = 1;
    touch.address = charged_key(run);
    touch.outcome = std::move(outcome);
    return touch;
  }
};

}  // namespace relance::test

// relance.policy.smart_retry: when, if ever, to charge the same credential again.
//
// The decline decides the schedule, the network's advice delays it, the networks' ceilings cap it.
// It is asked about the credential that was declined: after a new card there is nothing to wait
// for, and a flow charges without asking. Pure: tables.h holds every number.
#include <relance/policy.h>

#include <algorithm>

#include "kit/json.h"
#include "kit/plugin.h"
#include "kit/share.h"
#include "schedule.h"
#include "tables.h"

namespace smart_retry {
namespace {

void never(const rl_out* answer, std::string_view reason) {
  kit::put(answer, kit::Object().boolean("never", true).text("reason", reason).close());
}

void at(const rl_out* answer, std::string_view moment, std::string_view reason) {
  kit::put(answer, kit::Object().text("at", moment).text("reason", reason).close());
}

// An instant on the customer's clock, taking the difference of this moment.
std::optional<LocalMinutes> to_local(std::string_view instant, const kit::Value* ask,
                                     LocalMinutes now) {
  const auto utc_now = kit::parse_local(kit::text(ask, "now"));
  const auto utc = kit::parse_local(instant);
  if (!utc || !utc_now) return std::nullopt;
  return *utc + (now - *utc_now);
}

// Every attempt we know of, oldest first, local time. What the shop's own system tried before the
// event is only a number; it is counted as made now, which errs on the careful side.
std::vector<LocalMinutes> attempts_made(const kit::Value* ask, LocalMinutes now) {
  std::vector<LocalMinutes> attempts;
  const kit::Value* earlier = kit::member(ask, "earlier");
  if (earlier != nullptr && earlier->IsArray()) {
    for (const kit::Value& item : earlier->GetArray()) {
      const auto local = item.IsString() ? kit::parse_local(kit::view(item)) : std::nullopt;
      if (local) attempts.push_back(*local);
    }
  }
  const kit::Value* touches = kit::member(ask, "touches");
  std::vector<LocalMinutes> ledger;  // attempts of all steps and flows
  if (touches != nullptr && touches->IsArray()) {
    for (const kit::Value& touch : touches->GetArray()) {
      const auto local = to_local(kit::text(&touch, "at"), ask, now);
      if (kit::text(&touch, "kind") == "retry" && local) ledger.push_back(*local);
    }
  }
  if (ledger.size() > attempts.size()) attempts = ledger;
  std::sort(attempts.begin(), attempts.end());
  const LocalMinutes first = attempts.empty() ? now : attempts.front();
  const int64_t before = std::clamp<int64_t>(kit::integer(ask, "event.attempt_no", 1), 0, 100);
  attempts.insert(attempts.begin(), static_cast<size_t>(before), first);
  return attempts;
}

// Where in the morning the attempts of this invoice leave: the same place on every try.
double spread_of(const kit::Value* ask) {
  const kit::Value* run = kit::member(ask, "run");
  std::string_view key;
  if (run != nullptr && run->IsObject()) {
    for (const auto& field : run->GetObject()) {
      if (field.value.IsString()) key = kit::view(field.value);
    }
  }
  return kit::share(0, key, "morning");
}

class SmartRetry {
 public:
  SmartRetry(const rl_host*, std::string_view) {}

  void decide(const rl_policy_in& question, const rl_out* answer) const {
    const kit::Json json(kit::view(question.json));
    const kit::Value* ask = json.root();
    const auto now = kit::parse_local(kit::text(ask, "local"));
    if (question.kind != RL_AT || !now) {
      return kit::put(answer, R"({"problem":"the question must be `at` and give a local time"})");
    }
    const int try_no = static_cast<int>(std::clamp<int64_t>(kit::integer(ask, "try", 1), 1, 100));
    const Decline decline = read_decline(ask);
    const Verdict verdict = judge(decline);
    if (verdict.kind == Kind::never) return never(answer, verdict.reason);
    if (verdict.kind == Kind::issuer && try_no > kIssuerTries) return never(answer, verdict.reason);

    const std::vector<LocalMinutes> attempts = attempts_made(ask, *now);
    const LocalMinutes last = attempts.empty() ? *now : std::min(*now, attempts.back());
    Moment moment = wish(verdict, try_no, *now, last, spread_of(ask));
    const LocalMinutes wait = advised_wait(decline.advice);
    if (wait > 0 && last + wait > moment.at) moment = {last + wait, "network_advice"};
    if (const auto earliest = to_local(decline.earliest_retry_at, ask, *now);
        earliest && *earliest > moment.at) {
      moment = {*earliest, "network_advice"};
    }
    if (const LocalMinutes free_at = under_ceilings(moment.at, *now, decline, attempts);
        free_at > moment.at) {
      moment = {free_at, "network_ceiling"};
    }
    if (moment.at - *now > kFarthestDays * kit::kDay) return never(answer, moment.reason);
    at(answer, moment.at <= *now ? "now" : kit::format_local(moment.at), moment.reason);
  }
};

constexpr const char* kReasons[] = {"technical_fault",      "next_payday",      "waited_for_funds",
                                    "limit_resets",         "spaced",           "bank_must_help",
                                    "network_advice",       "network_ceiling",  "mandate_revoked",
                                    "network_forbids",      "needs_new_method", "needs_data_fix",
                                    "needs_authentication", "fraud_review",     "our_fault"};

constexpr rl_policy kPolicy = kit::policy<SmartRetry>(RL_AT, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr rl_plugin kPlugin = kit::plugin<SmartRetry>(
    {.id = "relance.policy.smart_retry",
     .title = "When to charge again, within what the card networks allow",
     .config_schema = R"({"type": "object", "additionalProperties": false})",
     .flags = RL_CONCURRENT,
     .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace smart_retry

RL_PLUGIN(smart_retry::kPlugin)

// What became of a call that this instance knows nothing of: by its id, or by number and time.
#include "channels/twilio/shared/answers.h"
#include "kit/date.h"
#include "voice.h"

namespace twilio {
namespace {

constexpr int64_t kClocksDiffer = 60'000;  // ours and the provider's
constexpr int kMostPages = 20;
constexpr std::string_view kNoRequest = "no_request_possible";

}  // namespace

void Voice::lookup(rl_op op, const rl_touch& touch, const rl_str* refs, size_t refs_count) {
  lookups_[op] = {&touch, 0};
  if (refs_count == 0) return list(op);
  const std::string resource = "Calls/" + std::string(kit::view(refs[0])) + ".json";
  if (account_.get(op, kOne, resource, {}) != RL_OK)
    end_lookup(op, {.status = RL_NOT_NOW, .reason = kNoRequest});
}

// Newest first. Not filtered by StartTime: what is still queued has none.
void Voice::list(rl_op op) {
  const kit::Form query{{"To", std::string(kit::view(lookups_.at(op).touch->address))},
                        {"From", setting_.from},
                        {"PageSize", "100"}};
  if (account_.get(op, kList, "Calls.json", query) != RL_OK)
    end_lookup(op, {.status = RL_NOT_NOW, .reason = kNoRequest});
}

void Voice::found(rl_op op, uint64_t tag, const rl_reply& reply) {
  if (!lookups_.contains(op)) return;
  if (tag == kOne && reply.status == 404) return list(op);
  if (const auto refusal = refusal_of(reply, host_->now(host_)))
    return end_lookup(op, {.status = RL_UNKNOWN, .reason = refusal->reason});
  const kit::Json json(kit::view(reply.body));
  if (tag == kOne) return end_lookup(op, json.root());
  found_list(op, json.root());
}

void Voice::found_list(rl_op op, const kit::Value* root) {
  Lookup& lookup = lookups_.at(op);
  const kit::Value* calls = kit::member(root, "calls");
  if (calls == nullptr || !calls->IsArray())
    return end_lookup(op, {.status = RL_UNKNOWN, .reason = "answer_without_calls"});
  bool older = false;
  for (const auto& call : calls->GetArray()) {
    const auto created = kit::parse_date(kit::text(&call, "date_created"));
    if (!created || kit::text(&call, "direction") != "outbound-api") continue;
    if (*created >= lookup.touch->intended_at - kClocksDiffer &&
        kit::text(&call, "to") == kit::view(lookup.touch->address))
      return end_lookup(op, &call);
    older |= *created < lookup.touch->intended_at - kClocksDiffer;
  }
  const std::string next(kit::text(root, "next_page_uri"));
  if (older || next.empty()) return end_lookup(op, {.status = RL_ABSENT, .reason = "no_such_call"});
  if (++lookup.pages >= kMostPages)
    return end_lookup(op, {.status = RL_UNKNOWN, .reason = "too_many_calls"});
  if (account_.get_uri(op, kList, next) != RL_OK)
    end_lookup(op, {.status = RL_NOT_NOW, .reason = kNoRequest});
}

// Of a conversation that was cut off it only knows that it took place.
void Voice::end_lookup(rl_op op, const kit::Value* call) {
  const std::string_view status = kit::text(call, "status");
  const std::string sid(kit::text(call, "sid"));
  if (!is_over(status))
    return end_lookup(op, {.status = RL_NOT_NOW, .reason = "under_way", .ref = sid});
  const std::string_view answered_by = kit::text(call, "answered_by");
  CallFacts facts;
  facts.up = status == "completed" && !is_machine(answered_by) && answered_by != "fax";
  const Outcome outcome = outcome_of(facts, status, answered_by, 0);
  end_lookup(
      op, {.status = outcome.status, .word = outcome.word, .reason = outcome.reason, .ref = sid});
}

void Voice::end_lookup(rl_op op, const kit::Ending& ending) {
  lookups_.erase(op);
  kit::complete(host_, op, ending);
}

}  // namespace twilio

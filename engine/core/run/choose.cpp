#include "core/run/choose.h"

#include <algorithm>

#include "core/gate/ledger.h"
#include "core/run/dispatch.h"
#include "core/run/reading.h"

namespace relance {
namespace {

const SendStep& body(const StepCase& c) { return std::get<SendStep>(c.step().body); }

using Stand = Candidate::Stand;

// How the gate would answer for this channel now. What it would have to read first is no obstacle.
void ask_gate_about(const StepCase& c, Candidate& candidate) {
  const GateAnswer answer = ask_gate_as_candidate(c, *candidate.channel);
  if (const auto* later = std::get_if<Hold>(&answer.verdict)) {
    candidate.stand = Stand::held;
    candidate.reason = later->reason;
    candidate.until = later->until;
  } else if (const auto* no = std::get_if<Deny>(&answer.verdict)) {
    candidate.stand = Stand::denied;
    candidate.reason = no->reason;
  }
}

std::vector<Candidate> candidates_of(const StepCase& c) {
  std::vector<Candidate> all;
  for (const SendChannel& one : body(c).channels) {
    Candidate candidate;
    candidate.channel = c.worker.rules().channel(one.via);
    if (!candidate.channel) continue;
    ask_gate_about(c, candidate);
    for (const Touch& touch : c.worker.customer().touches) {
      if (touch.channel != one.via || !was_contact(touch)) continue;
      ++candidate.sent;
      if (touch.answered_s > 0) ++candidate.answered;
      candidate.last = &touch;
    }
    all.push_back(candidate);
  }
  return all;
}

// Where none of them will ever go, the one whose denial ends the step: the first, or one that is
// late, so that what hangs on `late` follows.
const Candidate* none_can_go(const std::vector<Candidate>& all) {
  const Candidate* told = &all.front();
  for (const Candidate& one : all) {
    if (one.stand != Stand::denied) return nullptr;
    if (one.reason == Reason::deadline_passed && told->reason != one.reason) told = &one;
  }
  return told;
}

Doc facts_of(const StepCase& c, const std::vector<Candidate>& all, const PolicyAnswer& answer,
             const StepState& state) {
  std::vector<Doc> seen;
  for (const Candidate& one : all) {
    std::vector<std::pair<std::string, Doc>> fields{{"channel", Doc::text(one.channel->name)}};
    if (one.stand != Stand::allowed)
      fields.emplace_back("not_now", Doc::text(reason_name(one.reason)));
    if (one.channel->cost_currency) {
      fields.emplace_back("cost_micro", Doc::integer(one.channel->cost_micro));
      fields.emplace_back("currency", Doc::text(one.channel->cost_currency.text()));
    }
    seen.push_back(Doc::record(fields));
  }
  const std::string& policy = body(c).choose;
  std::vector<std::pair<std::string, Doc>> facts{{"policy", Doc::text(policy)},
                                                 {"reason", Doc::text(answer.reason)},
                                                 {"try", Doc::integer(state.try_no + 1)},
                                                 {"channels", Doc::list(seen)}};
  const std::string revision = c.worker.rules().policy_revision(policy);
  if (!revision.empty()) facts.emplace_back("revision", Doc::text(revision));
  if (answer.facts.view().size() > 0) facts.emplace_back("facts", answer.facts);
  return Doc::record(facts);
}

void take(const StepCase& c, std::string_view via) {
  StepState next = c.copy();
  const std::vector<SendChannel>& channels = body(c).channels;
  const auto chosen = std::find_if(channels.begin(), channels.end(),
                                   [&](const SendChannel& one) { return one.via == via; });
  const auto place = static_cast<uint8_t>(chosen - channels.begin());
  if (place == next.channel) return;
  next.channel = place;
  next.word.clear();  // why another channel was held
  c.move(std::move(next));
}

bool offered(const std::vector<Candidate>& all, std::string_view via) {
  for (const Candidate& one : all)
    if (one.channel->name == via) return true;
  return false;
}

Error not_offered(const StepCase& c, std::string_view choice) {
  return {Code::run_failed_function,
          "policy '" + body(c).choose + "' chose '" + std::string(choice) +
              "', which is none of the channels that its step has here",
          {},
          ""};
}

PolicyQuestion question_of(const StepCase& c, const StepState& state) {
  PolicyQuestion question{"choose", c.index, state.try_no + 1, {}, c.worker.now(), nullptr};
  for (const Touch& touch : c.worker.customer().touches)
    if (touch.run == c.run_id && touch.step == c.index)
      question.earlier.push_back(touch.intended_at);
  question.zone = zone_of(c, c.worker.profile()).candidates.front();
  question.deadline = deadline_of(c, state);
  return question;
}

}  // namespace

bool choose_channel(const StepCase& c) {
  if (c.worker.profile().is_null()) {
    ask_read(c, "crm", "", "", reason_name(Reason::profile_unread));
    return false;
  }
  const StepState state = c.copy();
  PolicyQuestion question = question_of(c, state);
  question.candidates = candidates_of(c);
  const std::vector<Candidate>& all = question.candidates;
  if (all.empty()) {
    c.end("failed", "unknown_channel");
    return false;
  }
  if (const Candidate* told = none_can_go(all)) {
    take(c, told->channel->name);
    return true;
  }
  const auto answer = c.worker.rules().policy(body(c).choose, question, c.view());
  if (!answer || (!answer->never && !offered(all, answer->choice))) {
    c.fail(answer ? not_offered(c, answer->choice) : answer.error());
    return false;
  }
  c.worker.explain(c.run_id, c.index, "policy", answer->never ? "never" : answer->choice,
                   facts_of(c, all, *answer, state));
  if (!answer->never) {
    take(c, answer->choice);
    return true;
  }
  c.end(state.last_word.empty() ? "denied" : std::string_view(state.last_word), answer->reason);
  return false;
}

}  // namespace relance

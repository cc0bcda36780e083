#include "admin/story.h"

#include <fmt/format.h>

#include <algorithm>

#include "admin/story_words.h"
#include "core/gate/reason.h"
#include "core/run/frozen.h"
#include "core/state/apply.h"

namespace relance {
namespace {

class Teller {
 public:
  Teller(Archive& archive, Story& story) : archive_(archive), story_(story) {}

  void take(const StoredEntry& stored, const Entry& entry) {
    at_ = entry.at;
    event_ = nullptr;
    for (const Record& record : entry.records) {
      std::visit([&](const auto& r) { on(r); }, record);
      if (const auto* event = std::get_if<EventTaken>(&record)) event_ = event;
      apply(customer_, record, {entry.at, event_});
    }
    static_cast<void>(stored);
  }

  void finish() {
    const Doc profile = opened(customer_.id, customer_.profile);
    if (const auto zone = profile.view().find("timezone").text())
      if (auto found = Zone::find(*zone)) story_.zone = *found;
    for (const Run& run : customer_.runs) tell_next(run);
    std::sort(story_.next.begin(), story_.next.end(),
              [](const StoryLine& a, const StoryLine& b) { return a.at < b.at; });
  }

  void of(const Key& customer) { customer_.id = customer; }

 private:
  void tell(const Key& run, std::string kind, std::string text, std::string why = {}) {
    story_.lines.push_back({at_, run ? run.text().substr(0, 6) : "", std::move(kind),
                            std::move(text), std::move(why)});
  }
  const Run* run(const Key& id) const { return customer_.find_run(id); }
  std::string step(const Key& id, StepIndex index) const {
    const Run* known = run(id);
    return known ? archive_.step_name(known->version, index) : "";
  }
  const Step* step_of(const Key& id, StepIndex index) const {
    const Run* known = run(id);
    const Flow* flow = known ? archive_.flow(known->version) : nullptr;
    return flow && index < flow->steps.size() ? &flow->steps[index] : nullptr;
  }
  Doc open(const Sealed& sealed) const { return opened(customer_.id, sealed); }

  template <class Other>
  void on(const Other&) {}

  void on(const Base&) { tell({}, "history", "what was before is summed up, and told no more"); }

  void on(const CustomerMet& r) {
    const Doc subject = open(r.subject);
    story_.subject = subject.view().find("subject").text().value_or(customer_.id.text());
  }

  void on(const EventTaken& r) {
    tell({}, "event", event_sentence(r.type, open(r.data)),
         r.time < at_ ? "it happened " + format_instant(r.time) : "");
  }

  void on(const RunStarted& r) {
    const std::string by = r.by && run(r.by) ? ", started by '" + run(r.by)->flow + "'" : "";
    tell(r.run, "run", "The flow '" + r.flow + "' began" + by + ".",
         "it ends by itself on " + format_instant(r.expire_at).substr(0, 10));
  }
  void on(const RunJoined& r) {
    if (run(r.run))
      tell(r.run, "run",
           "This belongs to the run of '" + run(r.run)->flow + "' that is under way.");
  }
  void on(const RunNotStarted& r) {
    tell({}, "refused", "The flow '" + r.flow + "' did not begin.", not_started_reason(r));
  }

  void on(const Decided& r) {
    if (r.what == "policy") {
      const auto policy = r.facts.view().find("policy").text().value_or("policy");
      const bool never = r.choice == "never";
      tell(r.run, "decision",
           fmt::format("{}: the policy '{}' {}.", step(r.run, r.step), policy,
                       never ? "says there is no use in another try" : "chose " + r.choice),
           policy_words(r.facts));
    } else if (r.what == "rule") {
      tell(r.run, "decision", fmt::format("{}: decided '{}'.", step(r.run, r.step), r.choice),
           facts_words(r.facts));
    } else if (r.what == "override") {
      tell(r.run, "decision",
           fmt::format("{}: the flow lifts the rule '{}' here.", step(r.run, r.step), r.choice),
           facts_words(r.facts));
    } else if (r.what == "content" || r.what == "recall") {
      tell(r.run, "decision", step(r.run, r.step) + ": " + message_sentence(r.what, r.choice),
           words_of(r.facts.view().find("reason").text().value_or("")));
    } else if (r.what == "segment" && r.choice != "found") {
      tell(r.run, "decision",
           step(r.run, r.step) + (r.choice == "stays"
                                      ? ": read again, the customer still belongs here."
                                      : ": read again, the customer has left."));
    } else if (r.what == "error") {
      tell(r.run, "decision", fmt::format("{}: something went wrong.", step(r.run, r.step)),
           std::string(r.facts.view().find("message").text().value_or("")));
    }
  }

  void on(const StepMoved& r) {
    const Step* known = step_of(r.run, r.state.step);
    if (!known || r.state.phase != Phase::waiting || r.state.wake_at.is_never()) return;
    const Run* before = run(r.run);
    const StepState* was = before ? before->find(r.state.step) : nullptr;
    if (was && was->wake_at == r.state.wake_at && was->phase == r.state.phase) return;
    if (const std::string text = waiting_sentence(*known, r.state); !text.empty())
      tell(r.run, "decision",
           known->name + ": " + text + " " + format_instant(r.state.wake_at) + ".");
  }

  void on(const StepEnded& r) {
    const Step* known = step_of(r.run, r.step);
    if (!known || r.outcome == "cancelled") return;
    if (const std::string text = ended_sentence(*known, r.outcome, r.reason); !text.empty())
      tell(r.run, "outcome", known->name + ": " + text, words_of(r.reason));
  }

  void on(const TouchJudged& r) {
    Reason reason = Reason::none;
    const std::string why =
        reason_from(r.reason, reason) ? std::string(reason_sentence(reason)) : r.reason;
    const std::string what = channel_words(r.channel, false);
    const std::string facts = facts_words(r.facts);
    const std::string full = why + (facts.empty() ? "" : " (" + facts + ")");
    if (r.verdict == "held") {
      const std::string until =
          r.until.is_never() ? "until something changes" : "until " + format_instant(r.until);
      tell(r.run, "held", fmt::format("{}: {} was put off {}.", step(r.run, r.step), what, until),
           full);
    } else {
      tell(r.run, "refused", fmt::format("{}: {} was not made.", step(r.run, r.step), what), full);
    }
  }

  void on(const TouchIntended& r) {
    std::string text = intent_sentence(r.touch);
    if (const std::string words = words_sent(r.touch); !words.empty())
      text += " It said \"" + words + "\".";
    tell(r.touch.run, "touch", std::move(text));
  }
  // Its subject, else its first words; of a call nothing, whose words depend on the answers.
  std::string words_sent(const Touch& touch) const {
    if (!touch.is_contact() || touch.channel_kind == "voice") return {};
    std::string words;
    for (const Part& part : archive_.render(frozen_of(customer_, touch))) {
      if (part.role == "html") continue;
      if (words.empty() || part.role == "subject") words = part.text;
    }
    const size_t end = words.find('\n');
    return end == std::string::npos ? words : words.substr(0, end);
  }

  void on(const TouchSettled& r) {
    const Touch* touch = customer_.find_touch(r.key);
    if (!touch) return;
    tell(touch->run, "outcome", settled_sentence(*touch, r), words_of(r.reason));
    if (const std::string spoken = spoken_words(open(r.data)); !spoken.empty())
      tell(touch->run, "said", touch->step_name.str() + ": spoken of: " + spoken + ".");
  }

  void on(const ConsentChanged& r) {
    tell({}, "event",
         fmt::format("Consent for {} by {} was {}.", purpose_name(r.consent.purpose),
                     r.consent.channel.empty() ? "any channel" : r.consent.channel,
                     r.consent.given ? "given" : "withdrawn"),
         provenance(r.consent));
  }
  void on(const AddressSuppressed& r) {
    tell({}, "event",
         r.reason.empty() ? "The address may be used again." : "The address is not used any more.",
         words_of(r.reason));
  }
  void on(const MarkerChanged& r) {
    if (r.forgotten) return;
    if (r.marker.name == kResponded)
      return tell({}, "decision", "The customer responded: this campaign is over for him.");
    tell({}, "decision",
         fmt::format("'{}' {}.", r.marker.name.view(), r.marker.open ? "begins" : "is over"));
  }
  void on(const LeaseChanged& r) {
    const std::string queue = r.lease.queue.str();
    tell(r.lease.run, "decision",
         !r.held               ? "The person is done; automation goes on."
         : !r.lease.by.empty() ? r.lease.by.str() + " has the case; automation waits."
                               : "The case waits for a person; automation waits with it.",
         r.held && !queue.empty() ? "queue '" + queue + "'" : "");
  }
  void on(const RunHeld& r) {
    held_[r.run] = r.reason;
    if (r.held)
      tell(r.run, "held", "The run is held as it is.", r.reason);
    else
      tell(r.run, "run", "The run goes on.", "its flow version is loaded again");
  }
  void on(const EventKept& r) { tell(r.run, "held", "This is kept until the run goes on."); }
  void on(const EventWaits&) {
    tell({}, "held", "This waits until a touch is known by the provider's id.");
  }
  void on(const EventWaited& r) {
    tell({}, "event",
         r.touch ? "The touch is known: its customer has the event."
                 : "The event was given up: no touch was known by the provider's id in time.");
  }
  void on(const RunMoved& r) {
    tell(r.run, "run", "The run goes on with another version of its flow.", r.version.text());
  }
  void on(const RunShifted& r) {
    tell(r.run, "run", "What is planned comes " + format_duration(r.by) + " later.",
         "so long a pause held it");
  }
  void on(const RunEnding& r) { tell(r.run, "end", end_sentence(r.how), words_of(r.reason)); }
  void on(const CommandTaken& r) {
    const auto as = r.detail.view().find("as").text();
    if (const auto paused = r.detail.view().find("paused").text(); paused && r.command == "release")
      return tell({}, "event", "A pause (" + std::string(*paused) + ") is over.", "by " + r.author);
    tell({}, "event",
         as ? "A person settled a touch as '" + std::string(*as) + "'."
            : "An operator gave the command '" + r.command + "'.",
         "by " + r.author);
  }

  void on(const CustomerErased&) {
    tell({}, "event", "The customer was erased.", "what stands before this names nobody");
  }

  void tell_next(const Run& run) {
    const std::string id = run.id.text().substr(0, 6);
    if (run.held) {
      story_.next.push_back(
          {Instant::never(), id, "next", "the run of '" + run.flow + "' is held.", held_[run.id]});
      return;
    }
    for (const StepState& state : run.steps) {
      if (state.phase == Phase::ended) continue;
      const std::string name = archive_.step_name(run.version, state.step);
      StoryLine line{state.wake_at, id, "next",
                     name + ": " + std::string(phase_words(state)) + " (in '" + run.flow + "')",
                     ""};
      if (state.phase == Phase::held) line.why = words_of(state.word);
      story_.next.push_back(std::move(line));
    }
    story_.next.push_back(
        {run.expire_at, id, "next", "the run of '" + run.flow + "' ends by itself", ""});
  }

  Archive& archive_;
  Story& story_;
  Customer customer_;
  Instant at_;
  const EventTaken* event_ = nullptr;
  std::map<Key, std::string> held_;  // run -> why
};

}  // namespace

Result<Story> tell_story(Archive& archive, const Key& customer, Instant until) {
  Story story;
  Teller teller(archive, story);
  teller.of(customer);
  auto read = archive.each_entry_of(customer, [&](const StoredEntry& stored, const Entry& entry) {
    if (entry.at <= until) teller.take(stored, entry);
    return true;
  });
  if (!read) return read.error();
  if (story.lines.empty())
    return Error{Code::run_not_found,
                 "nothing is known about this customer or run",
                 {},
                 "see `relance runs`"};
  teller.finish();
  return story;
}

}  // namespace relance

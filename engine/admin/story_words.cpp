#include "admin/story_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/gate/reason.h"
#include "core/graph/flow_start.h"

namespace relance {
namespace {

std::string value_words(DocView value) {
  if (const auto money = value.money()) return money->text();
  if (const auto at = value.instant()) return format_instant(*at);
  if (const auto date = value.date()) return format_date(*date);
  if (const auto text = value.text()) return std::string(*text);
  return to_json(value);
}

std::string cost_words(const TouchSettled& settled) {
  if (!settled.cost_currency || settled.cost_micro == 0) return "";
  return fmt::format(" It cost {:.3f} {}.", static_cast<double>(settled.cost_micro) / 1e6,
                     settled.cost_currency.text());
}

// "no_answer" -> "no answer"
std::string plain(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// "read from shop: order."
std::string fetched_sentence(const FetchStep& fetch, std::string_view outcome) {
  const bool customer = fetch.what.empty();
  const std::string what = customer ? "the customer's record" : plain(fetch.what);
  const std::string source = customer && fetch.from == "crm" ? "" : fetch.from;
  if (outcome != "found")
    return what + (source.empty() ? "" : " at " + source) + ": " + plain(outcome) + ".";
  return "read" + (source.empty() ? "" : " from " + source) + ": " + what + ".";
}

}  // namespace

std::string facts_words(DocView facts) {
  std::vector<std::string> words;
  for (const auto& [key, value] : facts.items()) {
    if (value.type() == DocType::record || value.type() == DocType::list) continue;
    words.push_back(plain(key) + " " + value_words(value));
  }
  return join(words, ", ");
}

std::string policy_words(DocView facts) {
  std::string text = words_of(facts.find("reason").text().value_or(""));
  std::vector<std::string> channels;
  for (const auto& [place, one] : facts.find("channels").items()) {
    std::string each(one.find("channel").text().value_or(""));
    const auto currency = one.find("currency").text();
    if (currency)
      each += fmt::format(" {:.4f} {}",
                          static_cast<double>(one.find("cost_micro").integer().value_or(0)) / 1e6,
                          *currency);
    if (const auto why = one.find("not_now").text()) each += " (not now: " + words_of(*why) + ")";
    channels.push_back(std::move(each));
  }
  if (!channels.empty()) text += "; of " + join(channels, ", ");
  if (const std::string more = facts_words(facts.find("facts")); !more.empty()) text += "; " + more;
  if (const auto revision = facts.find("revision").text())
    text += "; revision " + std::string(*revision);
  return text;
}

std::string words_of(std::string_view reason) {
  Reason known = Reason::none;
  if (reason_from(reason, known) && known != Reason::none)
    return std::string(reason_sentence(known));
  return plain(reason);
}

std::string event_sentence(std::string_view type, DocView data) {
  const std::string amount =
      data.find("amount").is_null() ? "" : " of " + value_words(data.find("amount"));
  const std::string invoice =
      data.find("invoice_id").is_null() ? "" : " for " + value_words(data.find("invoice_id"));
  if (type == "payment.failed") {
    const DocView decline = data.find("decline");
    std::string why = value_words(decline.find("raw_code"));
    if (!decline.find("action").is_null())
      why += ", which asks for '" + plain(value_words(decline.find("action"))) + "'";
    return "A payment" + amount + invoice + " failed" +
           (decline.is_null() ? "." : ": " + plain(why) + ".");
  }
  if (type == "payment.succeeded") return "The payment" + amount + invoice + " came in.";
  if (type == "payment_method.updated") return "The customer gave a new way to pay.";
  if (type == "link.clicked") return "The customer opened the link.";
  if (type == "email.opened") return "The customer opened the e-mail.";
  if (type == kAbsenceFound)
    return "Nothing of the kind has come since " + value_words(data.find(kSinceField)) + ".";
  if (type == kSegmentFound)
    return "Search " + value_words(data.find(kRoundField)) + " for a segment found the customer.";
  return "Event '" + std::string(type) + "'" + amount + invoice + ".";
}

std::string channel_words(std::string_view channel, bool charge) {
  if (charge) return "a payment attempt over '" + std::string(channel) + "'";
  if (channel == "email") return "an e-mail";
  if (channel == "sms") return "an SMS";
  if (channel == "voice") return "a call";
  return "a touch over '" + std::string(channel) + "'";
}

std::string intent_sentence(const Touch& touch) {
  if (touch.of_customer()) return touch.step_name.str() + ": its outcome goes to the CRM.";
  if (touch.what == TouchWhat::offer)
    return touch.step_name.str() + ": the case was offered to the desk '" + touch.channel.str() +
           "'.";
  if (touch.what == TouchWhat::operation)
    return touch.step_name.str() + ": an operation on '" + touch.channel.str() + "' was begun.";
  std::string text = touch.step_name.str() + ": " +
                     channel_words(touch.channel, touch.what == TouchWhat::charge) +
                     (touch.what == TouchWhat::charge ? " was made"
                      : touch.channel_kind == "voice" ? " was placed"
                                                      : " was sent");
  if (touch.try_no > 1) text += " (try " + std::to_string(touch.try_no) + ")";
  return text + (touch.requested ? "; the customer had asked for it." : ".");
}

std::string message_sentence(std::string_view what, std::string_view choice) {
  if (what == "content")
    return choice == "written" ? "a writer made its words." : "its template is sent as it is.";
  if (choice == "taken back") return "the message was taken back before it was delivered.";
  return choice == "too late" ? "it was too late to take the message back."
                              : "nobody knows whether the message could be taken back.";
}

std::string settled_sentence(const Touch& touch, const TouchSettled& settled) {
  if (touch.of_customer() && settled.state == TouchState::done)
    return touch.step_name.str() + ": the CRM was told: " + plain(settled.outcome) + ".";
  if (settled.state == TouchState::parked)
    return touch.step_name.str() +
           ": nobody knows whether it happened; it counts as done until a person settles it.";
  if (settled.state == TouchState::unknown)
    return touch.step_name.str() + ": no answer yet; it is being settled.";
  if (settled.state == TouchState::intended)
    return touch.step_name.str() + ": not now; it is asked again later.";
  return touch.step_name.str() + ": " + plain(settled.outcome) + "." + cost_words(settled);
}

std::string spoken_words(DocView data) {
  std::string text;
  for (const auto& [place, line] : data.find("said").items()) {
    const std::string what = plain(line.find("what").text().value_or(""));
    if (what.empty()) continue;
    if (line.find("by").text() == "us")
      text += (text.empty() ? "" : ", ") + what;
    else
      text += ": \"" + what + "\"";
  }
  return text;
}

std::string waiting_sentence(const Step& step, const StepState& state) {
  switch (step.kind()) {
    case StepKind::wait: return "waits until";
    case StepKind::await:
      return "watches for " + std::get<AwaitStep>(step.body).events.front().type + " until";
    case StepKind::charge: return "the next attempt is due";
    case StepKind::send:
      return state.last_word == "delivered" ? "waits for a response until" : "the next try is due";
    default: return "";
  }
}

std::string flow_of(const Step& step) { return std::get<StartFlowStep>(step.body).flow; }

std::string ended_sentence(const Step& step, std::string_view outcome, std::string_view reason) {
  switch (step.kind()) {
    case StepKind::decide: return "";  // told with its facts
    case StepKind::fetch: return fetched_sentence(std::get<FetchStep>(step.body), outcome);
    case StepKind::wait: return "the wait is over.";
    case StepKind::await:
      return outcome == "arrived" ? plain(reason) + " arrived." : "it did not come in time.";
    case StepKind::handoff: return "the person ended it: " + plain(outcome) + ".";
    case StepKind::record: return "written down.";
    case StepKind::start_flow:
      return outcome == "started" ? "the flow '" + flow_of(step) + "' was started."
                                  : "the flow '" + flow_of(step) + "' does not take him.";
    default: break;
  }
  if (outcome == "skipped") return "not needed here, says the flow.";
  return "ended " + plain(outcome) + ".";
}

std::string provenance(const Consent& consent) {
  std::string text;
  const auto add = [&](std::string_view before, const std::string& what) {
    if (!what.empty()) text += fmt::format("{}{}{}", text.empty() ? "" : ", ", before, what);
  };
  add("from ", consent.source);
  add("on the basis of ", consent.basis);
  add("text ", consent.text_version);
  add("proof ", consent.evidence);
  if (!consent.expires_at.is_never()) add("until ", format_instant(consent.expires_at));
  return text;
}

std::string end_sentence(RunEnd end) {
  switch (end) {
    case RunEnd::goal: return "The goal is reached; nothing more is done.";
    case RunEnd::stopped: return "The run was stopped.";
    case RunEnd::expired: return "The run's time is over.";
    case RunEnd::failed: return "The run failed.";
    default: return "Nothing is left to do; the run is complete.";
  }
}

std::string not_started_reason(const RunNotStarted& record) {
  if (record.how == RunEnd::holdout)
    return "the customer is held out, to measure what the flow brings";
  if (record.reason == "when") return "the flow says that it is not for this case";
  if (record.reason == "running") return "a run of it is under way for this case";
  if (record.reason == "restricted") return "the customer asked that his data be kept and not used";
  if (record.reason == "no_key") return "the event names no key of the flow";
  return "re-entry: " + plain(record.reason);
}

std::string_view phase_words(const StepState& state) {
  switch (state.phase) {
    case Phase::waiting: return "waits";
    case Phase::wanting: return "ready to leave";
    case Phase::held: return "put off; asked again then";
    case Phase::reading: return "reads what it needs";
    case Phase::out: return "on its way";
    case Phase::human: return "with a person";
    case Phase::ended: break;
  }
  return "ended";
}

}  // namespace relance

#include "script/policy_ask.h"

#include "base/json_text.h"
#include "base/text.h"

namespace relance {
namespace {

using FieldList = std::vector<std::pair<std::string, Doc>>;

constexpr size_t kMaxReasonBytes = 64;
constexpr size_t kMostFacts = 12;
constexpr size_t kMostTouches =
    50;  // newest; enough for every policy, small enough to be asked often

const Zone& zone_of(const PolicyQuestion& question) {
  return question.zone == nullptr ? Zone::utc() : *question.zone;
}

// With a gap the question is about the moment at which it is over.
Instant asked_at(const PolicyQuestion& question, const View& view) {
  return std::max(view.now(), question.not_before);
}

std::string local_text(Instant at, const Zone& zone) {
  const Local local = zone.local(at);
  return format_date(local.date) + "T" + format_time_of_day({local.second_of_day / 60});
}

const Step* step_of(const PolicyQuestion& question, const View& view) {
  const std::vector<Step>& steps = view.flow().steps;
  return question.step < steps.size() ? &steps[question.step] : nullptr;
}

// The hours in which all of the step's channels may be used; null where nothing restricts them or
// they run over midnight.
Doc window_of(const Step& step, const View& view, const ContactRules& rules) {
  const auto* send = std::get_if<SendStep>(&step.body);
  if (send == nullptr) return {};
  const std::vector<SendChannel> over = send->over();
  const auto covers = [&](const RuleScope& scope) {
    return std::any_of(over.begin(), over.end(), [&](const SendChannel& one) {
      return scope.covers(one.kind, view.flow().purpose);
    });
  };
  TimeOfDay from{0};
  TimeOfDay to{24 * 60};
  for (const ContactRules* part : {&rules, &view.flow().tighten}) {
    for (const WindowRule& window : part->windows) {
      if (window.to < window.from || !covers(window.scope)) continue;
      from = std::max(from, window.from);
      to = std::min(to, window.to);
    }
  }
  const bool restricted = from > TimeOfDay{0} || to < TimeOfDay{24 * 60};
  if (!restricted || to <= from) return {};
  return Doc::record(
      {{"from", Doc::text(format_time_of_day(from))}, {"to", Doc::text(format_time_of_day(to))}});
}

Doc choices_of(const Step& step) {
  std::vector<Doc> words;
  if (const auto* decide = std::get_if<DecideStep>(&step.body))
    for (const std::string& word : decide->words) words.push_back(Doc::text(word));
  if (const auto* send = std::get_if<SendStep>(&step.body))
    for (const SendChannel& one : send->channels) words.push_back(Doc::text(one.via));
  return words.empty() ? Doc{} : Doc::list(words);
}

Doc candidate_of(const Candidate& one, const Zone& zone) {
  const Channel& channel = *one.channel;
  const bool allowed = one.stand == Candidate::Stand::allowed;
  FieldList fields = {{"channel", Doc::text(channel.name)},
                      {"kind", Doc::text(channel.kind)},
                      {"allowed", Doc::boolean(allowed)},
                      {"sent", Doc::integer(one.sent)},
                      {"answered", Doc::integer(one.answered)}};
  if (channel.cost_currency) {
    fields.emplace_back("cost_micro", Doc::integer(channel.cost_micro));
    fields.emplace_back("currency", Doc::text(channel.cost_currency.text()));
  }
  if (!allowed) fields.emplace_back("reason", Doc::text(reason_name(one.reason)));
  if (one.stand == Candidate::Stand::held && !one.until.is_never())
    fields.emplace_back("until", Doc::text(local_text(one.until, zone)));
  if (one.stand == Candidate::Stand::denied) fields.emplace_back("denied", Doc::boolean(true));
  if (one.last != nullptr) {
    fields.emplace_back("last_at", Doc::instant(one.last->intended_at));
    fields.emplace_back("last_outcome", Doc::text(one.last->outcome));
  }
  return Doc::record(fields);
}

// What belongs to a choice, and to no question of time.
void add_choice(const PolicyQuestion& question, const View& view, const Zone& zone,
                FieldList& fields) {
  if (question.kind == "at") return;
  fields.emplace_back("failures", Doc::integer(view.failures()));
  if (question.deadline)
    fields.emplace_back("deadline", Doc::text(local_text(*question.deadline, zone)));
  std::vector<Doc> candidates;
  for (const Candidate& one : question.candidates) candidates.push_back(candidate_of(one, zone));
  if (!candidates.empty()) fields.emplace_back("candidates", Doc::list(candidates));
}

FieldList common_fields(const PolicyQuestion& question, const View& view,
                        const ContactRules& rules) {
  const Zone& zone = zone_of(question);
  const Instant at = asked_at(question, view);
  std::vector<Doc> earlier;
  for (Instant sent : question.earlier) earlier.push_back(Doc::text(local_text(sent, zone)));
  FieldList fields = {
      {"kind", Doc::text(question.kind)}, {"try", Doc::integer(question.try_no)},
      {"now", Doc::instant(at)},          {"local", Doc::text(local_text(at, zone))},
      {"zone", Doc::text(zone.name())},   {"earlier", Doc::list(earlier)}};
  if (const Step* step = step_of(question, view)) {
    fields.emplace_back("window", window_of(*step, view, rules));
    fields.emplace_back("choices", choices_of(*step));
  }
  add_choice(question, view, zone, fields);
  std::erase_if(fields, [](const auto& field) { return field.second.is_null(); });
  return fields;
}

void put_touches(JsonText& json, const Customer& customer) {
  size_t count = 0;
  json.key("touches").begin_list();
  for (auto touch = customer.touches.rbegin(); touch != customer.touches.rend(); ++touch) {
    if (!touch->reaches_customer()) continue;
    if (count++ == kMostTouches) break;
    json.begin_object();
    json.key("channel").text(touch->channel);
    json.key("kind").text(touch->channel_kind);
    json.key("at").value(Doc::instant(touch->intended_at));
    json.key("outcome").text(touch->outcome);
    if (touch->answered_s > 0)
      json.key("answered_at")
          .value(Doc::instant(touch->intended_at + seconds(touch->answered_s - 1)));
    json.key("step").text(touch->step_name);
    json.key("flow").text(touch->flow);
    json.key("key").text(touch->key.text());
    json.end_object();
  }
  json.end_list();
}

void put_keys(JsonText& json, const View& view) {
  json.key("run").begin_object();
  for (const std::string& name : view.flow().key) {
    const DocView value = view.event().find(name);
    if (!value.is_null()) json.key(name).value(value);
  }
  json.end_object();
}

// What can stand in a record: numbers, amounts, yes and no, and short words.
Doc facts_of(DocView said) {
  if (said.type() != DocType::record) return {};
  FieldList facts;
  for (const auto& [name, value] : said.items()) {
    const bool nested = value.type() == DocType::record || value.type() == DocType::list;
    if (facts.size() == kMostFacts) break;
    if (!nested && value.text().value_or("").size() <= kMaxReasonBytes)
      facts.emplace_back(std::string(name), Doc(value));
  }
  return Doc::record(facts);
}

Error bad_answer(std::string_view policy, std::string problem) {
  return {Code::bad_value, "policy '" + std::string(policy) + "' " + std::move(problem), {}, {}};
}

// "now", "18:30", "2026-01-06T09:00", an instant as text or as a value.
std::optional<Instant> moment(DocView said, Instant at, const Zone& zone) {
  if (const auto instant = said.instant()) return instant;
  const auto text = said.text();
  if (!text) return std::nullopt;
  if (*text == "now") return at;
  if (const Result<TimeOfDay> time = parse_time_of_day(*text)) return zone.next(at, *time);
  if (const Result<Instant> instant = parse_instant(*text)) return *instant;
  const size_t between = text->find('T');
  const Result<Date> date = parse_date(text->substr(0, between));
  if (!date || between == std::string_view::npos) return std::nullopt;
  const Result<TimeOfDay> time = parse_time_of_day(text->substr(between + 1, 5));
  if (!time) return std::nullopt;
  return zone.instant(*date, *time);
}

bool step_has_word(const PolicyQuestion& question, const View& view, const std::string& word) {
  const Step* step = step_of(question, view);
  const auto* decide = step == nullptr ? nullptr : std::get_if<DecideStep>(&step->body);
  return decide == nullptr ||
         std::find(decide->words.begin(), decide->words.end(), word) != decide->words.end();
}

}  // namespace

Doc policy_ask(const PolicyQuestion& question, const View& view, const ContactRules& rules) {
  return Doc::record(common_fields(question, view, rules));
}

std::string whole_policy_ask(const PolicyQuestion& question, const View& view,
                             const ContactRules& rules) {
  JsonText json;
  for (const auto& [name, value] : common_fields(question, view, rules))
    json.key(name).value(value);
  // A choice weighs what began the run; a click that joined it brings no amount.
  const Doc event =
      question.kind == "at" ? Doc(view.latest()) : Doc::merged(view.event(), view.latest());
  if (!event.is_null()) json.key("event").value(event);
  if (const DocView profile = view.profile(); !profile.is_null())
    json.key("customer").value(profile);
  put_touches(json, view.who());
  put_keys(json, view);
  if (question.step != kNoStep) {
    const DocView answer = view.step_data(question.step);
    if (answer.size() > 0) json.key("answer").value(answer);
  }
  return json.close();
}

Result<PolicyAnswer> read_policy_answer(std::string_view policy, DocView answer,
                                        const PolicyQuestion& question, const View& view) {
  if (const auto problem = answer.find("problem").text()) {
    return Error{Code::plugin_refused,
                 "policy '" + std::string(policy) + "': " + std::string(*problem),
                 {},
                 {}};
  }
  PolicyAnswer read;
  read.reason = std::string(answer.find("reason").text().value_or("").substr(0, kMaxReasonBytes));
  read.facts = facts_of(answer.find("facts"));
  const bool decides = question.kind == "decide";
  read.never = !decides && answer.find("never").boolean().value_or(false);
  if (read.never) return read;
  if (question.kind == "at") {
    const Instant at = asked_at(question, view);
    const auto said = moment(answer.find("at"), at, zone_of(question));
    if (!said) return bad_answer(policy, "gives no moment in 'at': " + to_json(answer.find("at")));
    read.at = std::max(*said, at);
    return read;
  }
  const auto word = answer.find(decides ? "outcome" : "choice").text();
  if (!word || word->empty()) {
    return bad_answer(policy, decides ? "gives no 'outcome'" : "gives no 'choice'");
  }
  read.choice = *word;
  if (decides && !step_has_word(question, view, read.choice)) {
    return bad_answer(policy,
                      "gives the outcome '" + read.choice + "', which its step does not have");
  }
  return read;
}

}  // namespace relance

// send { via, template | script, data, ... }: a touch over one channel, or over one of several that
// a policy picks for each try.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 16> kFields = {{
    {"via", Shape::texts, true, "a channel of the bundle, or several, the cheapest first"},
    {"template", Shape::text, false, "templates/NAME.CHANNEL.LANGUAGE.mustache"},
    {"script", Shape::text, false, "scripts/NAME.lua: what is said in a conversation"},
    {"content", Shape::text, false,
     "a writer of the bundle, who makes the words from the template"},
    {"content_within", Shape::duration, false, "later than this the template is sent (30 s)"},
    {"data", Shape::data, false, "values for the template or the script's facts"},
    {"tries", Shape::integer, false, "again on ignored, no_answer and busy (1)"},
    {"gap", Shape::duration, false, "from a dispatch to the next try; the response window too"},
    {"at", Shape::send_time, false, "a local time, or a policy that is asked before every try"},
    {"expect", Shape::events, false, "what counts as a response, after that try's dispatch"},
    {"deadline", Shape::moment, false, "beyond it the step ends late"},
    {"callbacks", Shape::integer, false, "how often a customer who asks for it is called back (0)"},
    {"on_unknown", Shape::text, false,
     "\"drop\" or \"resend\" when a look-up finds nothing (drop)"},
    {"requested", Shape::boolean, false,
     "the customer asked for it: no cap, gap or campaign rule applies"},
    {"override", Shape::record, false,
     "{ gap = \"reason\" }: lifts a named rule for this step, audited"},
    {"choose", Shape::any, false, "of several channels: the policy that picks one for each try"},
}};

const std::vector<std::string> kRules = {"gap",   "cap",      "window",   "never",
                                         "mutex", "priority", "self_cure"};

constexpr size_t kMostChannels = 8;

const std::string* kind_of(const StepDraft& draft, const std::string& channel) {
  const auto& channels = draft.compilation.context.channels;
  const auto known = channels.find(channel);
  return known == channels.end() ? nullptr : &known->second;
}

// One channel, or several with the policy that picks.
void read_channels(StepDraft& draft, SendStep& body) {
  const Fields& fields = draft.fields;
  const std::vector<std::string> names = fields.texts("via");
  std::vector<std::string> known;
  for (const auto& [name, kind] : draft.compilation.context.channels) known.push_back(name);
  for (const std::string& name : names) {
    const bool twice = std::any_of(body.channels.begin(), body.channels.end(),
                                   [&](const SendChannel& one) { return one.via == name; });
    if (twice) fields.error("via", Code::bad_value, fmt::format("'{}' stands twice", name));
    const bool good = fields.known("via", name, known, Code::unknown_channel, "channel") && !twice;
    if (good) body.channels.push_back({name, *kind_of(draft, name)});
    draft.any_word = draft.any_word || !good;
  }
  if (names.empty()) draft.any_word = true;
  if (names.empty() && fields.has("via"))
    fields.error("via", Code::bad_value,
                 fmt::format("'via' of {} names no channel", fields.what()));
  if (names.size() > kMostChannels)
    fields.error("via", Code::bad_value,
                 fmt::format("{} has at most {} channels", fields.what(), kMostChannels));
  body.choose = draft.compilation.policy(fields, "choose");
  if (names.size() > 1) {
    if (!fields.written("choose"))
      fields.findings().error(fields.place().at(), Code::missing_field,
                              fmt::format("{} lacks 'choose'", fields.what()),
                              "choose = policy \"name\": it picks one of the channels");
    return;
  }
  if (fields.written("choose"))
    fields.error("choose", Code::bad_value, "there is one channel, and nothing to choose",
                 "via = { \"email\", \"sms\" }");
  if (body.channels.empty()) return;
  body.via = body.channels[0].via;
  body.channel_kind = body.channels[0].kind;
  body.channels.clear();
}

void read_overrides(const Fields& fields, SendStep& body) {
  const Value* given = fields.get("override");
  if (given == nullptr) return;
  for (const auto& [rule, reason] : given->fields) {
    if (!fields.known("override", rule, kRules, Code::bad_value, "rule")) continue;
    if (!reason.is(Value::Kind::text) || reason.text.empty()) {
      fields.error("override", Code::wrong_type,
                   fmt::format("the override of '{}' must give its reason as a text", rule));
      continue;
    }
    body.overrides.push_back({rule, reason.text});
  }
}

// The script's facts must come from `data`; of a constant it can be told now.
void check_facts(const Fields& fields, const SendStep& body, const TalkScript& script) {
  if (body.data.function || fields.written("data") != fields.has("data")) return;
  for (const std::string& fact : script.facts) {
    if (!body.data.constant.view().find(fact).is_null()) continue;
    fields.error(fields.written("data") ? "data" : "script", Code::script_missing_fact,
                 fmt::format("script '{}' needs the fact '{}', which 'data' of {} does not give",
                             script.name, fact, fields.what()));
  }
}

void read_script(StepDraft& draft, SendStep& body) {
  const auto& context = draft.compilation.context;
  body.script = draft.fields.text("script");
  if (body.script.empty()) return;
  const auto script = context.scripts.find(body.script);
  if (script != context.scripts.end()) {
    draft.step.close_words = close_words(script->second);
    check_facts(draft.fields, body, script->second);
    return;
  }
  draft.any_word = true;
  std::vector<std::string> names = context.broken_scripts;
  for (const auto& [name, known] : context.scripts) names.push_back(name);
  draft.fields.known("script", body.script, names, Code::unknown_script, "script");
}

void lacks(const Fields& fields, std::string_view field) {
  fields.findings().error(fields.place().at(), Code::missing_field,
                          fmt::format("{} lacks '{}'", fields.what(), field),
                          "it says what the customer is told");
}

// A channel that speaks says its script, all others their template of the one name.
void read_text(StepDraft& draft, SendStep& body) {
  const Fields& fields = draft.fields;
  read_script(draft, body);
  const bool scripted = fields.written("script"), templated = fields.written("template");
  const bool several = !body.channels.empty();
  for (const SendChannel& one : body.over()) {
    if (one.kind.empty()) continue;
    const bool speaks = one.kind == "voice";
    const bool writes = one.kind == "email" || one.kind == "sms";
    if (templated && !(several && speaks))
      body.template_name = draft.compilation.template_of(fields, "template", one.kind);
    if (speaks && !scripted && (several || !templated)) lacks(fields, "script");
    if (writes && !templated && (several || !scripted)) lacks(fields, "template");
  }
  if (scripted && templated && !several) {
    fields.error("template", Code::bad_value,
                 fmt::format("{} has a script and a template; it wants one", fields.what()));
  }
}

// A call says its script; and nobody writes without a template to fall back to.
void read_content(StepDraft& draft, SendStep& body) {
  const Fields& fields = draft.fields;
  body.content = fields.text("content");
  if (const auto within = fields.duration("content_within")) body.content_within = *within;
  if (body.content_within <= Duration{} || body.content_within > minutes(10)) {
    fields.error("content_within", Code::bad_value,
                 "'content_within' must be more than nothing and at most 10 minutes");
  }
  if (body.content.empty()) return;
  fields.known("content", body.content, draft.compilation.context.writers, Code::unknown_writer,
               "writer");
  if (!fields.written("template")) {
    fields.error("content", Code::missing_field,
                 fmt::format("{} has 'content' and lacks 'template'", fields.what()),
                 "it is what the writer works from, and what is sent where he fails");
  }
}

void read_unknown(const Fields& fields, SendStep& body) {
  const std::string word = fields.text("on_unknown");
  if (word.empty()) return;
  body.resend_unknown = word == "resend";
  fields.known("on_unknown", word, {"drop", "resend"}, Code::bad_value, "such answer as");
}

void set_outcomes(StepDraft& draft, const SendStep& body) {
  draft.add_outcomes(send_outcomes(!body.expect.empty()));
  for (const SendChannel& one : body.over()) draft.add_outcomes(channel_words(one.kind));
  const auto script = draft.compilation.context.scripts.find(body.script);
  if (script == draft.compilation.context.scripts.end()) return;
  draft.add_outcomes(draft.step.close_words);
  draft.add_outcomes(script->second.always);
}

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  SendStep body;
  read_channels(draft, body);
  body.data = compilation.data(fields, "data");
  read_text(draft, body);
  read_content(draft, body);
  body.tries = fields.whole("tries", 1, 1, 20);
  body.gap = fields.duration("gap");
  body.at = compilation.send_time(fields, "at");
  body.expect = compilation.events(fields, "expect");
  body.deadline = compilation.moment(fields, "deadline");
  body.callbacks = fields.whole("callbacks", 0, 0, 10);
  read_unknown(fields, body);
  body.requested = fields.boolean("requested");
  read_overrides(fields, body);
  set_outcomes(draft, body);
  draft.step.body = std::move(body);
}

}  // namespace

const StepKindEntry kSendKind = {StepKind::send, "a touch over one channel, or over one of several",
                                 "delivered, or with expect responded and ignored; failed, denied, "
                                 "late; the channels' and the script's words",
                                 kFields, build};

}  // namespace relance

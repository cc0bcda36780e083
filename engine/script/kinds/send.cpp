// send { via, template | script, data, ... }: a touch over one channel.
#include <fmt/format.h>

#include "base/text.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 14> kFields = {{
    {"via", Shape::any, true, "a channel of the bundle"},
    {"template", Shape::text, false, "templates/NAME.CHANNEL.LANGUAGE.mustache"},
    {"script", Shape::text, false, "scripts/NAME.lua: what is said in a conversation"},
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
    {"choose", Shape::any, false, "a policy that picks one of several channels"},
}};

const std::vector<std::string> kRules = {"gap",   "cap",      "window",   "never",
                                         "mutex", "priority", "self_cure"};

std::string channel_of(StepDraft& draft) {
  const Fields& fields = draft.fields;
  const Value* via = fields.get("via");
  if (via == nullptr) return "";
  if (via->is(Value::Kind::text)) return draft.compilation.channel(fields, "via");
  const bool several = via->is(Value::Kind::table);
  fields.error(
      "via", several ? Code::not_supported : Code::wrong_type,
      several
          ? "a send over several channels is a part of the language that this version does not have"
          : fmt::format("'via' of {} must be a text, not {}", fields.what(), describe(*via)));
  return "";
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

void read_text(StepDraft& draft, SendStep& body) {
  const Fields& fields = draft.fields;
  read_script(draft, body);
  if (!body.channel_kind.empty())
    body.template_name = draft.compilation.template_of(fields, "template", body.channel_kind);
  if (fields.written("script") && fields.written("template")) {
    fields.error("template", Code::bad_value,
                 fmt::format("{} has a script and a template; it wants one", fields.what()));
  }
  const bool conversation = body.channel_kind == "voice";
  const bool says = conversation || body.channel_kind == "email" || body.channel_kind == "sms";
  if (!fields.written("script") && !fields.written("template") && says) {
    fields.findings().error(
        fields.place().at(), Code::missing_field,
        fmt::format("{} lacks '{}'", fields.what(), conversation ? "script" : "template"),
        "it says what the customer is told");
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
  draft.add_outcomes(channel_words(body.channel_kind));
  const auto script = draft.compilation.context.scripts.find(body.script);
  if (script == draft.compilation.context.scripts.end()) return;
  draft.add_outcomes(draft.step.close_words);
  draft.add_outcomes(script->second.always);
}

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  const Fields& fields = draft.fields;
  SendStep body;
  body.via = channel_of(draft);
  const auto channel = compilation.context.channels.find(body.via);
  if (channel != compilation.context.channels.end())
    body.channel_kind = channel->second;
  else
    draft.any_word = true;
  body.data = compilation.data(fields, "data");
  read_text(draft, body);
  body.tries = fields.whole("tries", 1, 1, 20);
  body.gap = fields.duration("gap");
  body.at = compilation.send_time(fields, "at");
  body.expect = compilation.events(fields, "expect");
  body.deadline = compilation.moment(fields, "deadline");
  body.callbacks = fields.whole("callbacks", 0, 0, 10);
  read_unknown(fields, body);
  body.requested = fields.boolean("requested");
  read_overrides(fields, body);
  if (fields.has("choose")) {
    fields.error("choose", Code::not_supported,
                 "'choose' is a part of the language that this version does not have");
  }
  set_outcomes(draft, body);
  draft.step.body = std::move(body);
}

}  // namespace

const StepKindEntry kSendKind = {StepKind::send, "a touch over one channel",
                                 "delivered, or with expect responded and ignored; failed, denied, "
                                 "late; the channel's and the script's words",
                                 kFields, build};

}  // namespace relance

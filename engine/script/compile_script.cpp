// compile_script of compile_flow.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "script/step_kind.h"
#include "script/steps_above.h"

namespace relance {
namespace {

using Kind = Value::Kind;

constexpr std::array<Field, 4> kHeader = {{
    {"facts", Shape::texts, false, "fields that the send's `data` must give"},
    {"answers", Shape::record, false, "{ reason = one_of { \"no_funds\", \"other\" } }"},
    {"always", Shape::texts, false, "words understood at any turn"},
    {"on_goal", Shape::text, false, "the text said when the goal arrives during the call"},
}};
constexpr std::array<Field, 1> kAfter = {{
    {"after", Shape::after, false, "what starts it; without it the conversation's beginning does"},
}};
const std::vector<std::string> kAlways = {"wants_human", "dissatisfied", "opted_out", "callback",
                                          "wrong_person"};

constexpr size_t kMostTurns = 100;

std::string stem_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.rfind('.'));
}

class ScriptBuilder : public StepSink {
 public:
  ScriptBuilder(LuaState& lua, const SourceFile& file, const CompileContext& context,
                Findings& findings)
      : compilation_(lua, file, context, findings), above_(file, findings, "turn") {
    script_.file = file.path;
    script_.name = stem_of(file.path);
  }

  bool begin(const std::string& name, Value header) override {
    const Place place{&compilation_.file, header.line, {}};
    if (begun_ || name != script_.name) {
      compilation_.findings.error(
          place.at(), Code::not_a_flow,
          begun_ ? "a file holds one script"
                 : fmt::format("script '{}' stands in the file of '{}'", name, script_.name),
          "a script is named as its file");
      if (begun_) return false;
    }
    begun_ = true;
    const Fields fields(header, kHeader, fmt::format("script '{}'", name), place,
                        compilation_.findings);
    script_.facts = fields.texts("facts");
    read_answers(fields);
    script_.always = fields.texts("always");
    for (const std::string& word : script_.always)
      fields.known("always", word, kAlways, Code::bad_value, "word");
    script_.on_goal = fields.text("on_goal");
    check_text(script_.on_goal, place.at("on_goal"));
    return true;
  }

  void assign(const std::string& name, Value draft, int line) override {
    const auto kind = kind_of(draft);
    if (kind) line = draft.line;
    if (!above_.claim(name, line)) return;
    if (!kind || script_.turns.size() == kMostTurns) {
      above_.spoil(name);
      if (!draft.is(Kind::spoilt)) {
        compilation_.findings.error({compilation_.file.path, line},
                                    kind ? Code::bad_value : Code::wrong_type,
                                    kind ? fmt::format("a script has at most {} turns", kMostTurns)
                                         : fmt::format("{} is no turn", describe(draft)));
      }
      return;
    }
    make_turn(name, *kind, draft);
    above_.stand(name, static_cast<StepIndex>(script_.turns.size() - 1));
  }

  StepIndex read(const std::string& name, int line) override { return above_.read(name, line); }

  bool edge(StepIndex turn, const std::string& word, int line) override {
    const Turn& named = script_.turns[turn];
    return check_outcome(named.outcomes, named.name, word, {compilation_.file.path, line},
                         compilation_.findings);
  }

  void ignore(Value edges) override {
    compilation_.findings.error({compilation_.file.path, edges.line}, Code::bad_value,
                                "a script ignores nothing",
                                "a conversation in which nothing can go on ends unclear");
  }

  TalkScript finish(const std::optional<Value>& returned) {
    above_.report_missing();
    const bool is_ledger = returned && (returned->is_word("ledger") || returned->is(Kind::spoilt));
    if (returned && !(is_ledger && begun_)) {
      compilation_.findings.error(
          {compilation_.file.path, 0}, Code::not_a_flow,
          begun_ ? "the file does not return its script" : "the file holds no script",
          begun_ ? "end it with `return s`" : "local s = script \"name\" { ... } ... return s");
    }
    resolve_turns();
    return std::move(script_);
  }

 private:
  static std::optional<TurnKind> kind_of(const Value& draft) {
    for (int i = 0; draft.is(Kind::word) && i <= static_cast<int>(TurnKind::close); ++i) {
      if (turn_kind_name(static_cast<TurnKind>(i)) == draft.text) return static_cast<TurnKind>(i);
    }
    return std::nullopt;
  }

  void read_answers(const Fields& fields) {
    const Value* answers = fields.get("answers");
    if (answers == nullptr) return;
    const Place place = fields.place().inside("answers");
    for (const auto& [name, value] : answers->fields) {
      std::vector<std::string> words;
      for (const Value& item : value.items) {
        if (item.is(Kind::text)) words.push_back(item.text);
      }
      if (!value.is_word("one_of") || words.empty() || words.size() != value.items.size()) {
        compilation_.findings.error(
            place.at(name), Code::wrong_type,
            fmt::format("answer '{}' must be one_of {{ \"word\", ... }}", name));
        continue;
      }
      script_.answers.emplace_back(name, std::move(words));
    }
  }

  void make_turn(const std::string& name, TurnKind kind, const Value& draft) {
    const TurnKindEntry& entry = turn_kind_entry(kind);
    std::vector<Field> known(entry.fields.begin(), entry.fields.end());
    known.insert(known.end(), kAfter.begin(), kAfter.end());
    const Fields fields(draft, known, fmt::format("turn '{}'", name),
                        {&compilation_.file, draft.line, {}}, compilation_.findings);
    Turn turn;
    turn.name = name;
    turn.kind = kind;
    turn.line = draft.line;
    if (const Value* after = fields.get("after"))
      turn.after = after_of(compilation_, fields, *after);
    for (const std::string_view word : turn_outcomes(kind)) turn.outcomes.emplace_back(word);
    TurnDraft made{compilation_, fields, script_, turn};
    entry.build(made);
    check_text(turn.text, fields.place().at("text"));
    script_.turns.push_back(std::move(turn));
  }

  // Each language of the script's template must have it.
  void check_text(const std::string& id, const Where& where) {
    if (id.empty() || compilation_.context.templates == nullptr) return;
    bool any = false;
    for (const TemplateText& text : compilation_.context.templates->all()) {
      if (text.name != script_.name || text.channel_kind != "script") continue;
      any = true;
      if (text.texts.count(id) > 0) continue;
      std::vector<std::string> ids;
      for (const auto& [known, body] : text.texts) ids.push_back(known);
      const std::string near = did_you_mean(id, ids);
      compilation_.findings.error(
          where, Code::script_missing_text, fmt::format("{} has no text '{}'", text.path, id),
          near.empty() ? fmt::format("it begins with a line [{}]", id) : near);
    }
    if (!any) {
      compilation_.findings.error(
          where, Code::script_missing_text, fmt::format("there is no text '{}'", id),
          fmt::format("texts stand in templates/{}.script.LANGUAGE.mustache", script_.name));
    }
  }

  // `otherwise` in scripts: the same meaning, over turns.
  void resolve_turns() {
    std::vector<Step> steps;
    for (Turn& turn : script_.turns) {
      Step step;
      step.outcomes = turn.outcomes;
      step.after = std::move(turn.after);
      steps.push_back(std::move(step));
    }
    std::vector<Edge> none;
    resolve_otherwise(steps, none);
    for (size_t i = 0; i < steps.size(); ++i) script_.turns[i].after = std::move(steps[i].after);
  }

  Compilation compilation_;
  StepsAbove above_;
  TalkScript script_;
  bool begun_ = false;
};

}  // namespace

std::span<const Field> script_header_fields() { return kHeader; }

TalkScript compile_script(LuaState& lua, const SourceFile& file, const CompileContext& context,
                          Findings& findings) {
  ScriptBuilder builder(lua, file, context, findings);
  const std::optional<Value> returned = load_file(lua, Sheet::script, file, findings, &builder);
  return builder.finish(returned);
}

}  // namespace relance

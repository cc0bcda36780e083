// decide: a table, a function, a policy, or a split by hash of customer, flow and step.
#include <fmt/format.h>

#include <algorithm>

#include "script/decision_table.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 7> kFields = {{
    {"by", Shape::any, false,
     "{ column = \"event.path\" } for a table, or function(run) that gives an outcome"},
    {"rows", Shape::table, false,
     "of a table: { column = cell, outcome = \"word\", further = data }"},
    {"otherwise", Shape::text, false, "the outcome where no row matches"},
    {"hit", Shape::text, false, "\"first\": the first row that matches; else rows may not overlap"},
    {"outcomes", Shape::texts, false, "of a function or policy: the words it may give"},
    {"policy", Shape::any, false, "policy \"name\" that is asked"},
    {"split", Shape::record, false, "{ a = 50, b = 50 }: percent of customers, sticky"},
}};

void only(const Fields& fields, std::string_view form,
          std::initializer_list<std::string_view> allowed) {
  for (const Field& field : kFields) {
    if (!fields.written(field.name) ||
        std::find(allowed.begin(), allowed.end(), field.name) != allowed.end())
      continue;
    fields.error(field.name, Code::bad_value,
                 fmt::format("'{}' does not belong to a decide by {}", field.name, form));
  }
}

void read_words(StepDraft& draft, DecideStep& body) {
  const Fields& fields = draft.fields;
  body.words = fields.texts("outcomes");
  if (!body.words.empty()) return;
  draft.any_word = true;
  if (!fields.written("outcomes")) {
    fields.findings().error(fields.place().at(), Code::missing_field,
                            fmt::format("{} lacks 'outcomes'", fields.what()),
                            "it is a list of texts: the words it may give");
  }
}

void read_split(StepDraft& draft, DecideStep& body) {
  const Fields& fields = draft.fields;
  int64_t sum = 0;
  for (const auto& [word, percent] : fields.get("split")->fields) {
    if (!percent.is(Value::Kind::integer) || percent.integer < 0 || percent.integer > 100) {
      fields.error("split", Code::bad_value,
                   fmt::format("the share of '{}' must be a whole number of percent", word));
      return;
    }
    sum += percent.integer;
    body.split.emplace_back(word, static_cast<int>(percent.integer));
  }
  if (sum != 100)
    fields.error("split", Code::bad_value,
                 fmt::format("the shares of {} sum to {}, not to 100", fields.what(), sum));
}

DecideStep body_of(StepDraft& draft) {
  const Fields& fields = draft.fields;
  DecideStep body;
  const Value* by = fields.get("by");
  body.otherwise = fields.text("otherwise");
  if (fields.written("split")) {
    body.kind = DecideStep::Kind::split;
    only(fields, "split", {"split"});
    if (fields.has("split")) read_split(draft, body);
  } else if (fields.written("policy")) {
    body.kind = DecideStep::Kind::policy;
    only(fields, "policy", {"policy", "outcomes"});
    body.policy = draft.compilation.policy(fields, "policy");
    read_words(draft, body);
  } else if (by != nullptr && by->is(Value::Kind::function)) {
    body.kind = DecideStep::Kind::function;
    only(fields, "function", {"by", "outcomes"});
    body.function = draft.compilation.function(*by);
    read_words(draft, body);
  } else if (by != nullptr) {
    only(fields, "table", {"by", "rows", "otherwise", "hit"});
    draft.any_word = !read_table(draft.compilation, fields, body);
  } else {
    draft.any_word = true;
    if (!fields.written("by")) {
      fields.findings().error(fields.place().at(), Code::missing_field,
                              fmt::format("{} says not by what", fields.what()),
                              "by = { column = \"event.path\" }, by = function(run), policy = "
                              "policy \"name\" or split = { ... }");
    }
  }
  return body;
}

void build(StepDraft& draft) {
  Compilation& compilation = draft.compilation;
  DecideStep body = body_of(draft);
  std::vector<std::string> words;
  for (const TableRow& row : body.rows) words.push_back(row.outcome);
  std::erase(words, "");  // reported with its row
  compilation.check_words(draft.fields, "rows", words);
  compilation.check_words(draft.fields, "outcomes", body.words);
  for (const auto& [word, percent] : body.split)
    compilation.check_words(draft.fields, "split", {word});
  draft.add_outcomes(words);
  draft.add_outcomes(body.words);
  for (const auto& [word, percent] : body.split) draft.add_outcomes(std::vector<std::string>{word});
  if (!body.otherwise.empty()) {
    compilation.check_words(draft.fields, "otherwise", {body.otherwise});
    draft.add_outcomes(std::vector<std::string>{body.otherwise});
  }
  draft.step.body = std::move(body);
}

}  // namespace

const StepKindEntry kDecideKind = {StepKind::decide, "a table, a function, a policy or a split",
                                   "as written", kFields, build};

}  // namespace relance

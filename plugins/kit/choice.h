// The question that a policy of channels or outcomes is asked (relance/policy.h, CHOOSE and
// DECIDE), and what such policies weigh: amounts, gates, segments.
#pragma once

#include <relance/policy.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"
#include "kit/text.h"

namespace kit {

// One channel or outcome that may be chosen, in the order of the step: the cheapest first.
struct Option {
  std::string_view name, kind;  // kind: of a channel
  bool allowed = true;          // it may go now
  bool denied = false;          // it never may
  std::optional<int64_t> cost_micro;
  std::string_view currency;
};

inline std::vector<Option> options_of(const Value* ask) {
  std::vector<Option> options;
  const Value* candidates = member(ask, "candidates");
  if (candidates != nullptr && candidates->IsArray()) {
    for (const Value& one : candidates->GetArray()) {
      Option option{text(&one, "channel"),
                    text(&one, "kind"),
                    boolean(&one, "allowed", true),
                    boolean(&one, "denied"),
                    {},
                    text(&one, "currency")};
      if (member(&one, "cost_micro") != nullptr) option.cost_micro = integer(&one, "cost_micro");
      options.push_back(option);
    }
    return options;
  }
  const Value* choices = member(ask, "choices");
  if (choices == nullptr || !choices->IsArray()) return options;
  for (const Value& one : choices->GetArray())
    if (one.IsString()) options.push_back({view(one), {}, true, false, {}, {}});
  return options;
}

struct Amount {
  int64_t minor = 0;
  std::string_view currency;
};

inline std::optional<Amount> amount_of(const Value* from, std::string_view path) {
  const Value* found = find(from, path);
  if (found == nullptr || member(found, "minor") == nullptr) return std::nullopt;
  return Amount{integer(found, "minor"), text(found, "currency")};
}

// Calls `visit` for the value, or for each item where it is a list.
template <class Visit>
void each(const Value* value, Visit visit) {
  if (value == nullptr) return;
  if (!value->IsArray()) return visit(*value);
  for (const Value& item : value->GetArray()) visit(item);
}

// What stands under a channel's name in a table of the configuration, else under its kind.
inline const Value* entry_of(const Value* table, const Option& option) {
  const Value* own = member(table, option.name);
  return own != nullptr || option.kind.empty() ? own : member(table, option.kind);
}

// The definitions of `gate`, and of the amounts in it, for a schema of a configuration: a literal,
// to stand between two others.
#define KIT_GATE_SCHEMA                                                               \
  R"("money": {"type": "object", "required": ["minor", "currency"], "properties": {)" \
  R"("minor": {"type": "integer"}, "currency": {"type": "string"}}},)"                \
  R"("gate": {"type": "object", "additionalProperties": false, "properties": {)"      \
  R"("amount": {"anyOf": [{"$ref": "#/definitions/money"},)"                          \
  R"({"type": "array", "items": {"$ref": "#/definitions/money"}}]},)"                 \
  R"("failures": {"type": "integer", "minimum": 1}}})"

// A gate lets one in who brings the amount (of his currency) or has failed so often; a gate that
// names neither lets everybody in. `opened_by`: amount, failures or empty.
struct Gate {
  bool open = true;
  std::string_view opened_by;
};

inline Gate gate_of(const Value* gate, const Value* ask) {
  if (gate == nullptr) return {};
  bool wants_amount = false, rich = false;
  const auto amount = amount_of(ask, "event.amount");
  each(member(gate, "amount"), [&](const Value& least) {
    wants_amount = true;
    const bool same = amount && text(&least, "currency") == amount->currency;
    rich = rich || (same && amount->minor >= integer(&least, "minor"));
  });
  const Value* failures = member(gate, "failures");
  if (rich) return {true, "amount"};
  if (failures != nullptr && integer(ask, "failures") >= integer(gate, "failures"))
    return {true, "failures"};
  return {!wants_amount && failures == nullptr, ""};
}

// Does each of `fields` that a row of the configuration names agree with the question?
inline bool row_fits(const Value& row, const Value* ask) {
  constexpr std::pair<const char*, const char*> kColumns[] = {{"segment", "customer.segment"},
                                                              {"action", "event.decline.action"},
                                                              {"class", "event.decline.class"}};
  for (const auto& [column, path] : kColumns) {
    const std::string_view wanted = text(&row, column);
    if (!wanted.empty() && wanted != text(ask, path)) return false;
  }
  return true;
}

// The answer to either kind of question; `facts` is JSON, or nothing.
inline void choose(const rl_out* out, uint32_t kind, std::string_view choice,
                   std::string_view reason, std::string_view facts = {}) {
  Object answer;
  answer.text(kind == RL_CHOOSE ? "choice" : "outcome", choice).text("reason", reason);
  if (!facts.empty()) answer.raw("facts", facts);
  put(out, answer.close());
}

inline void never(const rl_out* out, std::string_view reason) {
  put(out, Object().boolean("never", true).text("reason", reason).close());
}

inline void problem(const rl_out* out, std::string_view what) {
  put(out, Object().text("problem", what).close());
}

}  // namespace kit

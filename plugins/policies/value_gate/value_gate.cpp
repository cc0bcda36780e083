// relance.policy.value_gate: the dearest channel (or the furthest outcome) that this case has
// earned, by its amount or by how often it failed; what has no gate is for everybody. Pure.

#include "kit/choice.h"
#include "kit/plugin.h"

namespace {

using kit::Option;
using kit::Value;

class ValueGate {
 public:
  ValueGate(const rl_host*, std::string_view config) : config_(config) {}

  void decide(const rl_policy_in& question, const rl_out* out) const {
    const kit::Json json(kit::view(question.json));
    const Value* ask = json.root();
    if (question.kind != RL_CHOOSE && question.kind != RL_DECIDE)
      return kit::problem(out, "the question must be `choose` or `decide`");
    const std::vector<Option> all = kit::options_of(ask);
    if (all.empty()) return kit::problem(out, "the question names no choices");
    const Option* chosen = nullptr;
    kit::Gate by;
    // From the dearest on; what may go now before what would have to wait.
    for (const bool now : {true, false}) {
      for (auto one = all.rbegin(); one != all.rend() && chosen == nullptr; ++one) {
        const kit::Gate gate =
            kit::gate_of(kit::entry_of(kit::member(config_.root(), "gates"), *one), ask);
        if (!gate.open || one->denied || (now && !one->allowed)) continue;
        chosen = &*one;
        by = gate;
      }
    }
    if (chosen == nullptr && question.kind == RL_CHOOSE) return kit::never(out, "not_worth_it");
    const std::string_view reason = chosen == nullptr          ? "not_worth_it"
                                    : by.opened_by == "amount" ? "worth_it"
                                    : by.opened_by.empty()     ? "for_everybody"
                                                               : "persistent";
    kit::Object facts;
    facts.integer("failures", kit::integer(ask, "failures"));
    if (const auto amount = kit::amount_of(ask, "event.amount"))
      facts.integer("amount_minor", amount->minor).text("currency", amount->currency);
    const Option& taken = chosen == nullptr ? all.front() : *chosen;
    kit::choose(out, question.kind, taken.name, reason, facts.close());
  }

 private:
  kit::Json config_;
};

constexpr const char* kReasons[] = {"worth_it", "persistent", "for_everybody", "not_worth_it"};

constexpr rl_policy kPolicy = kit::policy<ValueGate>(RL_CHOOSE | RL_DECIDE, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["gates"],
  "properties": {
    "gates": {"type": "object", "additionalProperties": {"$ref": "#/definitions/gate"}}},
  "definitions": {)" KIT_GATE_SCHEMA "}}";

constexpr rl_plugin kPlugin =
    kit::plugin<ValueGate>({.id = "relance.policy.value_gate",
                            .title = "Dear channels for high amounts and repeated failures",
                            .config_schema = kSchema,
                            .flags = RL_CONCURRENT,
                            .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)

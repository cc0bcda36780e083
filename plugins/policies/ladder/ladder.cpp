// relance.policy.ladder: the cheapest channel first, one rung up for each further try, and the dear
// rungs for those whom their amount or their failures let in.
//
// A rung that the gate would deny is left out; one that is put off is waited for, since a window
// opens by itself and the deadline has been looked at. Pure.

#include "kit/choice.h"
#include "kit/local_time.h"
#include "kit/plugin.h"

namespace {

using kit::Option;
using kit::Value;

class Ladder {
 public:
  Ladder(const rl_host*, std::string_view config)
      : config_(config),
        each_(std::max<int64_t>(1, kit::integer(config_.root(), "tries_each", 1))) {}

  void decide(const rl_policy_in& question, const rl_out* out) const {
    const kit::Json json(kit::view(question.json));
    const Value* ask = json.root();
    if (question.kind != RL_CHOOSE && question.kind != RL_DECIDE)
      return kit::problem(out, "the question must be `choose` or `decide`");
    const std::vector<Option> all = ordered(ask);
    if (all.empty()) return kit::problem(out, "the question names no choices");
    std::vector<Option> rungs;
    for (const Option& one : all)
      if (kit::gate_of(kit::entry_of(kit::member(config_.root(), "gates"), one), ask).open)
        rungs.push_back(one);
    const size_t gated = all.size() - rungs.size();
    std::erase_if(rungs, [](const Option& one) { return one.denied; });
    if (rungs.empty()) return nothing(question.kind, out, all);

    const int64_t climbed = steps_before(question.kind, ask) / each_;
    const int64_t top = static_cast<int64_t>(rungs.size()) - 1;
    const int64_t at = std::min(climbed, top);
    const std::string_view reason = climbed == 0 ? "cheapest" : climbed > top ? "top" : "climbed";
    const std::string facts = kit::Object()
                                  .integer("rung", at + 1)
                                  .integer("rungs", top + 1)
                                  .integer("gated", static_cast<int64_t>(gated))
                                  .close();
    kit::choose(out, question.kind, rungs[static_cast<size_t>(at)].name, reason, facts);
  }

 private:
  // Of an outcome there is always one; of channels none may be worth it.
  static void nothing(uint32_t kind, const rl_out* out, const std::vector<Option>& all) {
    if (kind == RL_CHOOSE) return kit::never(out, "not_worth_it");
    kit::choose(out, kind, all.front().name, "not_worth_it");
  }

  // The order of the first row that fits, with what it does not name behind; else the step's own.
  std::vector<Option> ordered(const Value* ask) const {
    std::vector<Option> options = kit::options_of(ask);
    const Value* order = nullptr;
    kit::each(kit::member(config_.root(), "orders"), [&](const Value& row) {
      if (order == nullptr && kit::row_fits(row, ask)) order = kit::member(&row, "order");
    });
    if (order == nullptr) return options;
    const auto place = [&](const Option& option) {
      size_t at = 0;
      for (const Value& name : order->GetArray()) {
        if (kit::view(name) == option.name || kit::view(name) == option.kind) break;
        ++at;
      }
      return at;
    };
    std::stable_sort(options.begin(), options.end(),
                     [&](const Option& a, const Option& b) { return place(a) < place(b); });
    return options;
  }

  // Tries of the step; of a decision the contacts since the event.
  static int64_t steps_before(uint32_t kind, const Value* ask) {
    if (kind == RL_CHOOSE) return std::max<int64_t>(0, kit::integer(ask, "try", 1) - 1);
    const auto since = kit::parse_local(kit::text(ask, "event.time"));
    int64_t contacts = 0;
    kit::each(kit::member(ask, "touches"), [&](const Value& touch) {
      const bool contact = kit::text(&touch, "kind") != "retry";
      const auto at = kit::parse_local(kit::text(&touch, "at"));
      if (contact && (!since || (at && *at >= *since))) ++contacts;
    });
    return contacts;
  }

  kit::Json config_;
  int64_t each_;
};

constexpr const char* kReasons[] = {"cheapest", "climbed", "top", "not_worth_it"};

constexpr rl_policy kPolicy = kit::policy<Ladder>(RL_CHOOSE | RL_DECIDE, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "tries_each": {"type": "integer", "minimum": 1, "maximum": 20},
    "gates": {"type": "object", "additionalProperties": {"$ref": "#/definitions/gate"}},
    "orders": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["order"], "properties": {
        "segment": {"type": "string"}, "action": {"type": "string"}, "class": {"type": "string"},
        "order": {"type": "array", "minItems": 1, "items": {"type": "string"}}}}}},
  "definitions": {)" KIT_GATE_SCHEMA "}}";

constexpr rl_plugin kPlugin =
    kit::plugin<Ladder>({.id = "relance.policy.ladder",
                         .title = "Cheap channels first, dear ones where they pay",
                         .config_schema = kSchema,
                         .flags = RL_CONCURRENT,
                         .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)

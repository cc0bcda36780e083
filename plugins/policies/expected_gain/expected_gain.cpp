// relance.policy.expected_gain: the channel (or outcome) whose chance of success times the amount
// exceeds its cost by the most; none where none does. Chances and amounts are the shop's own data:
// the chances stand in the configuration, the amount in the event, the cost is what the channel's
// plugin estimates. Pure.
#include <cmath>

#include "kit/choice.h"
#include "kit/plugin.h"

namespace {

using kit::Option;
using kit::Value;

// Minor units of one unit, as powers of ten: ISO 4217, list one (active codes), column "minor
// unit". All others have two.
int minor_digits(std::string_view currency) {
  constexpr std::string_view kNone[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                        "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  const auto is_in = [&](const auto& list) {
    return std::find(std::begin(list), std::end(list), currency) != std::end(list);
  };
  return is_in(kNone) ? 0 : is_in(kThree) ? 3 : 2;
}

struct Weighed {
  const Option* option = nullptr;
  double chance = 0, cost = 0, gain = 0;  // in units of the amount's currency
};

class ExpectedGain {
 public:
  ExpectedGain(const rl_host*, std::string_view config)
      : config_(config), least_(kit::number(config_.root(), "least")) {}

  void decide(const rl_policy_in& question, const rl_out* out) const {
    const kit::Json json(kit::view(question.json));
    const Value* ask = json.root();
    if (question.kind != RL_CHOOSE && question.kind != RL_DECIDE)
      return kit::problem(out, "the question must be `choose` or `decide`");
    const auto amount = kit::amount_of(ask, "event.amount");
    if (!amount) return kit::problem(out, "the event has no amount");
    const double units =
        static_cast<double>(amount->minor) / std::pow(10.0, minor_digits(amount->currency));
    const std::vector<Option> all = kit::options_of(ask);
    Weighed best;
    bool compared = false;
    for (const Option& one : all) {
      const auto cost = cost_of(one, amount->currency);
      if (one.denied || !cost) continue;
      compared = true;
      const double chance = chance_of(one, ask);
      const Weighed weighed{&one, chance, *cost, chance * units - *cost};
      if (weighed.gain > least_ && (best.option == nullptr || better(weighed, best)))
        best = weighed;
    }
    if (!compared) return kit::problem(out, "no cost is in the amount's currency");
    if (best.option == nullptr) return nothing(question.kind, out, all);
    const std::string facts = kit::Object()
                                  .number("chance", best.chance)
                                  .number("amount", units)
                                  .number("cost", best.cost)
                                  .number("gain", best.gain)
                                  .text("currency", amount->currency)
                                  .close();
    kit::choose(out, question.kind, best.option->name, "best_gain", facts);
  }

 private:
  // Of two gains that are the same the one that may go now, then the cheaper: it stands before.
  static bool better(const Weighed& a, const Weighed& b) {
    if (a.gain != b.gain) return a.gain > b.gain;
    return a.option->allowed && !b.option->allowed;
  }

  static void nothing(uint32_t kind, const rl_out* out, const std::vector<Option>& all) {
    if (kind == RL_CHOOSE) return kit::never(out, "no_gain");
    if (all.empty()) return kit::problem(out, "the question names no choices");
    kit::choose(out, kind, all.front().name, "no_gain");
  }

  // In units of the amount's currency; nothing: it cannot be compared. A plugin that tells no cost
  // counts as free.
  std::optional<double> cost_of(const Option& option, std::string_view currency) const {
    if (const Value* own = kit::entry_of(kit::member(config_.root(), "costs"), option))
      return own->GetDouble();
    if (!option.cost_micro) return 0.0;
    const double units = static_cast<double>(*option.cost_micro) / 1e6;
    if (option.currency == currency) return units;
    const std::string pair = std::string(option.currency) + "/" + std::string(currency);
    const Value* rate = kit::member(kit::member(config_.root(), "rates"), pair);
    if (rate == nullptr) return std::nullopt;
    return units * rate->GetDouble();
  }

  // The first row that fits; none: no chance.
  double chance_of(const Option& option, const Value* ask) const {
    std::optional<double> chance;
    kit::each(kit::member(config_.root(), "chances"), [&](const Value& row) {
      const std::string_view of = kit::text(&row, "of");
      const bool named = of == option.name || (!option.kind.empty() && of == option.kind);
      if (!chance && named && kit::row_fits(row, ask)) chance = kit::number(&row, "chance");
    });
    return chance.value_or(0);
  }

  kit::Json config_;
  double least_;
};

constexpr const char* kReasons[] = {"best_gain", "no_gain"};

constexpr rl_policy kPolicy = kit::policy<ExpectedGain>(RL_CHOOSE | RL_DECIDE, kReasons);
constexpr kit::Interface kInterfaces[] = {{RL_POLICY, &kPolicy}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["chances"],
  "properties": {
    "least": {"type": "number", "minimum": 0},
    "chances": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["of", "chance"], "properties": {
        "of": {"type": "string"}, "segment": {"type": "string"}, "action": {"type": "string"},
        "class": {"type": "string"},
        "chance": {"type": "number", "minimum": 0, "maximum": 1}}}},
    "costs": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    "rates": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}}})";

constexpr rl_plugin kPlugin =
    kit::plugin<ExpectedGain>({.id = "relance.policy.expected_gain",
                               .title = "Chance times amount against cost",
                               .config_schema = kSchema,
                               .flags = RL_CONCURRENT,
                               .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)

#include "script/read_guards.h"

#include <algorithm>

#include "base/text.h"

namespace relance {
namespace {

constexpr Field kGuardFields[] = {
    {"flow", Shape::text, false, "the flow that is watched; none: each by itself"},
    {"opt_out_rate", Shape::record, false, "opt-outs of its contacts: { above, times, within }"},
    {"complaint_rate", Shape::record, false,
     "complaints of its contacts: { above, times, within }"},
    {"act", Shape::text, true, "pause"},
};

constexpr Field kLimitFields[] = {
    {"above", Shape::number, true, "so many times what is usual, more than 1"},
    {"times", Shape::any, true,
     "what is usual: \"baseline\", as the flow itself saw it, or a number in percent"},
    {"within", Shape::duration, true, "counted anew after so long, at least a minute"},
};

class GuardReader {
 public:
  GuardReader(const Fields& contact, const ContactContext& context)
      : contact_(contact), context_(context) {}

  std::vector<GuardRule> read() {
    const Value* guards = contact_.get("guards");
    if (guards == nullptr) return {};
    for (const Value& item : guards->items) {
      if (item.is(Value::Kind::spoilt)) continue;
      if (item.is_word("guard"))
        read_guard(item);
      else
        contact_.error("guards", Code::wrong_type,
                       "'guards' wants guard { ... }, not " + describe(item));
    }
    return std::move(rules_);
  }

 private:
  void read_guard(const Value& value) {
    const Place place{contact_.place().file, value.line, {}};
    const Fields fields(value, kGuardFields, "guard", place, contact_.findings());
    GuardRule rule;
    rule.flow = fields.text("flow");
    if (!rule.flow.empty() && std::ranges::find(context_.flows, rule.flow) == context_.flows.end())
      fields.warning("flow", Code::unknown_flow,
                     "there is no flow '" + rule.flow + "' in this bundle",
                     did_you_mean(rule.flow, context_.flows));
    const std::string act = fields.text("act");
    if (!act.empty() && !fields.known("act", act, {"pause"}, Code::bad_value, "act")) return;
    const bool one = read_limit(fields, "opt_out_rate", GuardRule::What::opt_out, rule);
    const bool other = read_limit(fields, "complaint_rate", GuardRule::What::complaint, rule);
    if (!one && !other && !fields.written("opt_out_rate") && !fields.written("complaint_rate"))
      contact_.findings().error(
          place.at(), Code::bad_contact_rules, "a guard watches nothing",
          "write opt_out_rate = { above = 2.0, times = \"baseline\", within = hours(1) }");
  }

  bool read_limit(const Fields& guard, std::string_view name, GuardRule::What what,
                  GuardRule rule) {
    const Value* value = guard.get(name);
    if (value == nullptr) return false;
    const Fields fields(*value, kLimitFields, std::string(name), guard.place().inside(name),
                        contact_.findings());
    rule.what = what;
    const auto above = number(fields.get("above"));
    if (above && !(*above > 1 && *above <= 1000))
      return wrong(fields, "above", "'above' must be more than 1, and at most 1000");
    const auto within = fields.duration("within");
    if (within && *within < minutes(1))
      return wrong(fields, "within", "'within' must be at least a minute");
    if (!read_usual(fields, rule) || !above || !within) return false;
    rule.above = *above;
    rule.within = *within;
    rules_.push_back(std::move(rule));
    return true;
  }

  static bool read_usual(const Fields& fields, GuardRule& rule) {
    const Value* times = fields.get("times");
    if (times == nullptr) return false;
    if (times->is(Value::Kind::text) && times->text == "baseline") return true;
    const auto percent = number(times);
    if (!percent || !(*percent > 0 && *percent <= 50))
      return wrong(fields, "times",
                   "'times' must be \"baseline\", or what is usual in percent, up to 50");
    rule.usual = *percent / 100;
    return true;
  }

  static std::optional<double> number(const Value* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is(Value::Kind::integer)) return static_cast<double>(value->integer);
    if (value->is(Value::Kind::number)) return value->number;
    return std::nullopt;
  }

  static bool wrong(const Fields& fields, std::string_view name, const std::string& problem) {
    fields.error(name, Code::bad_value, problem);
    return false;
  }

  const Fields& contact_;
  const ContactContext& context_;
  std::vector<GuardRule> rules_;
};

}  // namespace

std::vector<GuardRule> read_guards(const Fields& contact, const ContactContext& context) {
  return GuardReader(contact, context).read();
}

}  // namespace relance

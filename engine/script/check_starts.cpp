#include "script/check_starts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/graph/start_cycles.h"

namespace relance {
namespace {

std::string head_of(const std::string& path) { return path.substr(0, path.find('.')); }

bool fits(FieldType type, DocView value) {
  switch (type) {
    case FieldType::text: return value.type() == DocType::text;
    case FieldType::number:
      return value.type() == DocType::integer || value.type() == DocType::number;
    case FieldType::money: return value.type() == DocType::money;
    case FieldType::instant: return value.type() == DocType::instant;
    case FieldType::date: return value.type() == DocType::date;
    case FieldType::boolean: return value.type() == DocType::boolean;
    case FieldType::record: return value.type() == DocType::record || value.type() == DocType::list;
  }
  return true;
}

class StartCheck {
 public:
  StartCheck(const Bundle& bundle, Findings& findings) : bundle_(bundle), findings_(findings) {}

  void run() {
    std::vector<const Flow*> flows;
    for (const CompiledFlow& compiled : bundle_.flows) flows.push_back(&compiled.flow);
    for (const Flow* flow : flows)
      for (const Step& step : flow->steps)
        if (const auto* body = std::get_if<StartFlowStep>(&step.body)) check(*flow, step, *body);
    for (Finding& finding : check_start_cycles(flows)) findings_.add(std::move(finding));
  }

 private:
  void check(const Flow& flow, const Step& step, const StartFlowStep& body) {
    const auto target =
        std::find_if(bundle_.flows.begin(), bundle_.flows.end(),
                     [&](const CompiledFlow& one) { return one.flow.name == body.flow; });
    if (target == bundle_.flows.end() || body.data.function) return;
    const Where where{flow.file, step.line};
    for (const auto& [name, value] : body.data.constant.view().items())
      check_field(target->flow, step, std::string(name), value, where);
    for (const std::string& key : target->flow.key) {
      const std::string field = head_of(key);
      if (!body.data.constant.view().find(field).is_null() || may_carry(flow, field)) continue;
      findings_.error(where, Code::start_data,
                      fmt::format("flow '{}' is told apart by '{}', which neither 'data' of step "
                                  "'{}' nor its own event gives",
                                  body.flow, key, step.name),
                      fmt::format("data = function(run) return {{ {} = ... }} end", field));
    }
  }

  // The field's types among the events that begin the flow; none: it is known nowhere.
  std::vector<FieldType> types_of(const Flow& flow, const std::string& field) const {
    std::vector<FieldType> types;
    for (const EventPattern& start : flow.start) {
      const EventType* type = bundle_.events.find(start.type);
      if (type == nullptr) continue;
      const auto known = type->fields.find(field);
      if (known != type->fields.end()) types.push_back(known->second);
    }
    return types;
  }

  // A flow that no event starts is handed what it likes.
  bool may_carry(const Flow& flow, const std::string& field) const {
    return flow.start.empty() || !types_of(flow, field).empty();
  }

  void check_field(const Flow& target, const Step& step, const std::string& name, DocView value,
                   const Where& where) {
    if (target.start.empty() || name == "time") return;
    const std::vector<FieldType> types = types_of(target, name);
    if (types.empty()) {
      findings_.error(
          where, Code::start_data,
          fmt::format("step '{}' hands '{}' to flow '{}', whose event has no such field", step.name,
                      name, target.name),
          near_or_declare(target, name));
    } else if (std::none_of(types.begin(), types.end(),
                            [&](FieldType type) { return fits(type, value); })) {
      findings_.error(
          where, Code::start_data,
          fmt::format("step '{}' hands {} to flow '{}' as '{}', which is of type {}", step.name,
                      to_json(value), target.name, name, field_type_name(types.front())));
    }
  }

  std::string near_or_declare(const Flow& target, const std::string& name) const {
    std::vector<std::string> names;
    for (const EventPattern& start : target.start)
      if (const EventType* type = bundle_.events.find(start.type))
        for (const auto& [field, kind] : type->fields) names.push_back(field);
    const std::string near = did_you_mean(name, names);
    return near.empty() ? "declare it in events.lua" : near;
  }

  const Bundle& bundle_;
  Findings& findings_;
};

}  // namespace

void check_starts(const Bundle& bundle, Findings& findings) { StartCheck(bundle, findings).run(); }

}  // namespace relance

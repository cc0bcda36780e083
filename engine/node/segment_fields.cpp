#include "node/segment_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "node/idle_ports.h"

namespace relance {
namespace {

// Of the bundle's CRM; empty: it is not asked, or cannot tell.
std::vector<std::string> fields_of_crm(const Bundle& bundle, PluginLibrary& library) {
  SandboxOptions rehearsal;
  rehearsal.on = true;
  for (const InstanceSpec& spec : instance_specs(bundle, library, rehearsal)) {
    const bool stays = spec.role == InstanceSpec::Role::connector && spec.name == "crm" &&
                       spec.plugin == bundle.crm->plugin;
    if (!stays) continue;
    IdlePorts idle;
    HostPorts ports = idle.ports();
    ports.at_rest = false;
    std::vector<Error> errors;
    const auto host = PluginHost::make(library, {spec}, ports, errors);
    return host ? (*host)->record_fields("crm") : std::vector<std::string>{};
  }
  return {};
}

void check(const Flow& flow, const std::vector<std::string>& fields,
           std::vector<Finding>& findings) {
  std::vector<std::string> asked = flow.segment->columns;
  if (!flow.segment->changed.empty()) asked.push_back(flow.segment->changed);
  for (const std::string& field : asked) {
    const bool known = std::find(fields.begin(), fields.end(), field) != fields.end();
    if (known || field.starts_with(kFactsPrefix)) continue;
    findings.push_back(
        {Severity::error, Error{Code::unknown_record_field,
                                fmt::format("the crm's records have no field '{}'", field),
                                {flow.file, flow.segment->line},
                                did_you_mean(field, fields)}});
  }
}

}  // namespace

std::vector<Finding> check_segment_fields(const Bundle& bundle, PluginLibrary& library) {
  std::vector<Finding> findings;
  const bool any =
      std::any_of(bundle.flows.begin(), bundle.flows.end(),
                  [](const CompiledFlow& one) { return one.flow.segment.has_value(); });
  if (!any || !bundle.crm) return findings;
  const std::vector<std::string> fields = fields_of_crm(bundle, library);
  if (fields.empty()) return findings;
  for (const CompiledFlow& compiled : bundle.flows)
    if (compiled.flow.segment) check(compiled.flow, fields, findings);
  return findings;
}

}  // namespace relance

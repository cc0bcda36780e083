// contact.lua: the tenant's contact rules; and the same fields where a flow's header tightens them.
//
// Threads: any one. Fails: every slip is reported at its line; what is right is taken all the same.
#pragma once

#include "core/graph/contact_rules.h"
#include "script/event_catalogue.h"
#include "script/fields.h"

namespace relance {

// What contact rules may name.
struct ContactContext {
  const EventCatalogue* events = nullptr;
  std::vector<std::string> flows;         // names, of the files beside it
  std::vector<std::string> markers = {};  // that stand already, for rules laid over others
};

ContactRules read_contact(const Value& returned, const SourceFile& file,
                          const ContactContext& context, Findings& findings);

// The parts that a flow's header shares. `place` is the table in which the field stands.
std::vector<WindowRule> read_windows(const Value& windows, const Place& place, Findings& findings);
std::vector<CapRule> read_caps(const Value& caps, const Place& place, Findings& findings);

}  // namespace relance

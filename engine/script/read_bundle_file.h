// bundle.lua: the shop, its plugins, policies and queues. Flows, templates and rules lie beside it
// and are read by others. Threads: any one. Fails: every slip is reported at its line; what is
// right is taken all the same.
#pragma once

#include "script/bundle.h"
#include "script/load.h"

namespace relance {

// Fills name, tenant, locale, controller, currency, zone, link, attribution, plugins, policies and
// queues of `bundle`. With `options.sandbox` the channels and connectors that act outside are the
// sandbox provider's already, and there are no event sources.
void read_bundle_file(const Value& returned, const SourceFile& file, const LoadOptions& options,
                      Bundle& bundle, Findings& findings);

// "email", "voice", ...: what the installed plugin declares; for the sandbox its `as`; else the
// second word of its id.
std::string kind_of_channel(const PluginEntry& entry, const LoadOptions& options);

}  // namespace relance

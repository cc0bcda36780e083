// The compiler of flows: one Lua file to one Flow, with every error of it in one go.
//
// The same function serves loading (its findings are shown), and each worker (its functions are
// kept and called). Nothing of a plugin is asked; names come from the context. Threads: as
// LuaState; the context must outlive the call only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/check.h"
#include "core/graph/flow.h"
#include "core/graph/talk.h"
#include "script/event_catalogue.h"
#include "script/load.h"
#include "script/template_set.h"

namespace relance {

// What a flow may name. Filled from the bundle.
struct CompileContext {
  const EventCatalogue* events = nullptr;
  const TemplateSet* templates = nullptr;
  std::map<std::string, std::string> channels;  // name -> kind ("email", "voice", "retry")
  // By channel, where it is known: the outcome words that its plugin gives.
  std::map<std::string, std::vector<std::string>, std::less<>> channel_gives;
  std::vector<std::string> connectors;  // "crm" among them where there is one
  std::vector<std::string> policies;    // plugins' and Lua's
  std::vector<std::string> writers;     // of `content`
  std::vector<std::string> queues;
  std::vector<std::string> flows;                     // of the bundle, for start_flow
  std::map<std::string, TalkScript> scripts;          // by name, those that compiled
  std::map<std::string, std::string> script_sources;  // of the same: part of a flow's version
  std::vector<std::string> broken_scripts;  // those that did not: no second error about them
};

// `flow.version` is set: the hash of the flow's source, its scripts' sources, the language's
// number.
struct FlowBuild {
  Flow flow;                           // whole only when there is no error
  std::vector<LuaFunction> functions;  // of FunctionRef n; belong to the state
  std::vector<ResultRead> reads;       // of steps' results by tables and functions, for check_flow
  std::vector<std::string> scripts;    // names of the scripts it uses, sorted
};

// Reports to `findings` what is wrong, the graph's findings (check_flow) included where the flow is
// whole enough to be looked at. `name`: the file's, without ".lua".
FlowBuild compile_flow(LuaState& lua, const SourceFile& file, const CompileContext& context,
                       Findings& findings);

// Scripts: every text id must exist in templates/NAME.script.LANG.mustache, in each language.
TalkScript compile_script(LuaState& lua, const SourceFile& file, const CompileContext& context,
                          Findings& findings);

// policies/NAME.lua: a file that returns a function. No function: it was reported.
LuaFunction compile_policy(LuaState& lua, const SourceFile& file, Findings& findings);

// The canonical JSON as the store keeps it: the file stands without the directory of the bundle, so
// that a bundle gives the same wherever it lies.
std::string stored_json(Flow flow);

}  // namespace relance

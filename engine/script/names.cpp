// check_names of sandbox.h.
#include <fmt/format.h>
#include <lua.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/graph/talk.h"
#include "script/bytecode.h"
#include "script/sandbox.h"

namespace relance {
namespace {

struct Forbidden {
  std::string_view name, instead;
};

// What Lua programmers look for and a flow does not have.
constexpr std::array<Forbidden, 22> kForbidden = {{
    {"_G", "write `local` variables"},
    {"collectgarbage", "memory is the engine's business"},
    {"coroutine", "a function of a flow runs to its end at once"},
    {"debug", "flows do not look into the interpreter"},
    {"dofile", "a flow is one file; what is shared stands in policies/ and scripts/"},
    {"getmetatable", "values have no metatables of yours"},
    {"io", "flows read no files; customer data comes by `fetch`"},
    {"load", "code comes from the bundle's files only"},
    {"loadfile", "code comes from the bundle's files only"},
    {"loadstring", "code comes from the bundle's files only"},
    {"next", "use pairs, which goes in sorted order"},
    {"os", "a function gets the time as run.now"},
    {"package", "a flow is one file"},
    {"pcall", "a function that fails ends its step failed, with the reason in the journal"},
    {"print", "what a run does is in its journal"},
    {"rawequal", "values are compared with =="},
    {"rawget", "fields are read with a dot"},
    {"rawlen", "lengths are read with #"},
    {"rawset", "fields are written with a dot"},
    {"require", "a flow is one file; what is shared stands in policies/ and scripts/"},
    {"setmetatable", "values have no metatables of yours"},
    {"xpcall", "a function that fails ends its step failed, with the reason in the journal"},
}};

// A word that reads like a step kind of this sheet: `f.call = sned { ... }`.
bool is_kind(Sheet sheet, std::string_view name) {
  StepKind kind{};
  if (sheet == Sheet::flow) return step_kind_from(name, kind);
  if (sheet != Sheet::script) return false;
  for (int i = 0; i <= static_cast<int>(TurnKind::close); ++i) {
    if (turn_kind_name(static_cast<TurnKind>(i)) == name) return true;
  }
  return false;
}

void report_read(Sheet sheet, const std::vector<std::string>& known, const NameUse& use,
                 const std::string& path, Findings& findings) {
  if (std::binary_search(known.begin(), known.end(), use.name)) return;
  const auto forbidden =
      std::find_if(kForbidden.begin(), kForbidden.end(),
                   [&](const Forbidden& entry) { return entry.name == use.name; });
  if (forbidden != kForbidden.end()) {
    findings.error({path, use.line}, Code::forbidden_name,
                   fmt::format("'{}' is not available here", use.name),
                   std::string(forbidden->instead));
    return;
  }
  const std::string near = closest(use.name, known);
  const bool kind = is_kind(sheet, near);
  findings.error({path, use.line}, kind ? Code::unknown_kind : Code::unknown_global,
                 kind ? fmt::format("there is no kind '{}'", use.name)
                      : fmt::format("there is no '{}' here", use.name),
                 did_you_mean(use.name, known));
}

}  // namespace

void check_names(LuaState& lua, Sheet sheet, const SourceFile& file, Findings& findings) {
  const ChunkFacts facts = facts_of_chunk(lua);
  const std::vector<std::string> known = sheet_names(lua, sheet);
  for (const NameUse& use : facts.reads) report_read(sheet, known, use, file.path, findings);
  for (const NameUse& use : facts.writes) {
    findings.error({file.path, use.line}, Code::unknown_global,
                   fmt::format("'{}' is assigned but declared nowhere", use.name),
                   fmt::format("write local {} = ...", use.name));
  }
  if (sheet == Sheet::test) return;
  for (const NameUse& use : facts.remembered) {
    findings.error({file.path, use.line}, Code::forbidden_name,
                   fmt::format("a function changes '{}', which lies outside of it", use.name),
                   "functions are pure: they may not remember anything from call to call");
  }
}

}  // namespace relance

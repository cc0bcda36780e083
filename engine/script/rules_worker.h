// One worker's Lua state: the functions of flows and policies, compiled from their sources when
// they are first asked for. Threads: one. Lifetime: the bundle and the flow versions must outlive
// it.
#pragma once

#include <memory>
#include <unordered_map>

#include "script/bundle.h"
#include "script/compile_context.h"

namespace relance {

class RulesWorker {
 public:
  // `context` is that of the bundle, without scripts.
  RulesWorker(const Bundle& bundle, const CompileContext& context)
      : bundle_(bundle), context_(context) {}

  LuaState& lua() { return lua_; }

  // Fails with run_failed_function when the source does not give that function (again).
  Result<LuaFunction> function(const CompiledFlow& version, FunctionRef wanted);
  Result<LuaFunction> policy(const LuaPolicy& policy);

  // The whole flow of these sources again, with what is wrong about it.
  FlowBuild compile(const BundleSources& sources, const std::string& name,
                    const std::string& shown_path, std::vector<TalkScript>& scripts,
                    Findings& findings);

 private:
  const Bundle& bundle_;
  const CompileContext& context_;
  LuaState lua_;
  std::unordered_map<const CompiledFlow*, std::vector<LuaFunction>> functions_;
  std::map<std::string, LuaFunction, std::less<>> policies_;
};

}  // namespace relance

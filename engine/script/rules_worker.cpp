#include "script/rules_worker.h"

namespace relance {
namespace {

constexpr std::string_view kScripts = "scripts/";

// "scripts/payment_help.lua" beside "shop/flows/payment_recovery.lua" is
// "shop/flows/scripts/payment_help.lua".
std::string shown_beside(const std::string& flow_path, const std::string& path) {
  return flow_path.substr(0, flow_path.rfind('/') + 1) + path;
}

Error missing(const Flow& flow, FunctionRef wanted) {
  const size_t number = wanted.number;
  const int line = number < flow.function_lines.size() ? flow.function_lines[number] : 0;
  return {
      Code::run_failed_function,
      "flow '" + flow.name + "' does not give its function " + std::to_string(number) + " again",
      {flow.file, line},
      {}};
}

}  // namespace

FlowBuild RulesWorker::compile(const BundleSources& sources, const std::string& name,
                               const std::string& shown_path, std::vector<TalkScript>& scripts,
                               Findings& findings) {
  CompileContext context = context_;
  for (const auto& [path, text] : sources) {
    if (!path.starts_with(kScripts)) continue;
    const SourceFile file{shown_beside(shown_path, path), text};
    TalkScript script = compile_script(lua_, file, context, findings);
    context.script_sources[script.name] = text;
    context.scripts[script.name] = script;
    scripts.push_back(std::move(script));
  }
  const auto source = sources.find(name + ".lua");
  if (source == sources.end()) {
    findings.error({shown_path, 0}, Code::file_not_found,
                   "the source of flow '" + name + "' is not there");
    return {};
  }
  return compile_flow(lua_, {shown_path, source->second}, context, findings);
}

Result<LuaFunction> RulesWorker::function(const CompiledFlow& version, FunctionRef wanted) {
  auto known = functions_.find(&version);
  if (known == functions_.end()) {
    Findings findings;
    std::vector<TalkScript> scripts;
    FlowBuild build =
        compile(version.sources, version.flow.name, version.flow.file, scripts, findings);
    known = functions_.emplace(&version, std::move(build.functions)).first;
  }
  if (wanted.number >= known->second.size()) return missing(version.flow, wanted);
  return known->second[wanted.number];
}

Result<LuaFunction> RulesWorker::policy(const LuaPolicy& policy) {
  if (const auto known = policies_.find(policy.name); known != policies_.end())
    return known->second;
  const auto source = bundle_.sources.find(policy.path);
  if (source == bundle_.sources.end()) {
    return Error{Code::file_not_found, "there is no file '" + policy.path + "'", policy.where, {}};
  }
  Findings findings;
  const SourceFile file{
      bundle_.directory.empty() ? policy.path : bundle_.directory + "/" + policy.path,
      source->second};
  const LuaFunction function = compile_policy(lua_, file, findings);
  if (!function) {
    std::vector<Finding> found = findings.take_sorted();
    if (!found.empty()) return std::move(found.front().error);
    return Error{Code::wrong_type, "policy '" + policy.name + "' is no function", policy.where, {}};
  }
  policies_.emplace(policy.name, function);
  return function;
}

}  // namespace relance

// A Lua function in a state of its own, for tests: `Function("run.event.amount").test()`.
#pragma once

#include <string>

#include "script/lua_state.h"
#include "worker_view.h"

namespace relance {

struct Function {
  RunToLookAt looked_at;
  LuaState lua;
  LuaFunction kept;
  std::string problem;

  // `body` is what stands in `function(run) ... end`, or an expression.
  explicit Function(const std::string& body, const LuaLimits& limits = {}) : lua(limits) {
    const bool statements =
        body.find("return") != std::string::npos || body.find(';') != std::string::npos;
    const std::string source =
        "return function(run) " + (statements ? body : "return " + body) + " end";
    if (Status status = lua.compile(Sheet::flow, source, "flow.lua"); !status.ok()) {
      problem = status.error().text();
      return;
    }
    if (Status status = lua.call(0, 1, limits.load_steps); !status.ok()) {
      problem = status.error().text();
      return;
    }
    kept = lua.keep();
  }

  // What it returns, as JSON, or its error as text.
  std::string result() {
    if (!problem.empty()) return problem;
    const View view = looked_at.view();
    const auto value = lua.call_bool(kept, view);
    return value.ok() ? (*value ? "true" : "false") : value.error().text();
  }

  std::string record() {
    if (!problem.empty()) return problem;
    const View view = looked_at.view();
    const auto value = lua.call_record(kept, view);
    return value.ok() ? to_json(*value) : value.error().text();
  }

  // The value of an expression, as JSON.
  static std::string value(const std::string& expression) {
    return Function("return { v = " + expression + " }").record();
  }
};

}  // namespace relance

// Compiling one flow in a test, over a context with a channel of each kind and the shipped events.
#pragma once

#include <string>

#include "script/compile_flow.h"

namespace relance {

struct Compiling {
  LuaState lua;
  Findings findings;
  SourceFile file;
  CompileContext context;
  FlowBuild build;

  explicit Compiling(const std::string& steps, const std::string& header = "")
      : file{"flow.lua", ""} {
    file.text =
        "local f = flow \"flow\" { start = event \"payment.failed\", key = \"invoice_id\", "
        "purpose = \"recovery\"" +
        header + " }\n" + steps + "\nreturn f\n";
    context.events = &EventCatalogue::shipped();
    context.channels = {{"email", "email"}, {"sms", "sms"}, {"voice", "voice"}, {"retry", "retry"}};
    context.connectors = {"shop", "crm"};
    context.policies = {"evening"};
    context.queues = {"billing"};
    build = compile_flow(lua, file, context, findings);
  }

  const Step& step(std::string_view name) const {
    const Step* found = build.flow.find(name);
    RELANCE_ASSERT(found != nullptr);
    return *found;
  }

  std::string errors() {
    std::string text;
    for (const Finding& finding : findings.take_sorted()) {
      if (finding.severity == Severity::error) text += finding.error.text() + "\n";
    }
    return text;
  }
};

}  // namespace relance

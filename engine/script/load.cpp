#include "script/load.h"

#include <lua.h>

#include <algorithm>

#include "script/sandbox.h"

namespace relance {

void Findings::error(const Where& where, Code code, std::string message, std::string hint) {
  add({Severity::error, {code, std::move(message), where, std::move(hint)}});
}

void Findings::warning(const Where& where, Code code, std::string message, std::string hint) {
  add({Severity::warning, {code, std::move(message), where, std::move(hint)}});
}

void Findings::add(Finding finding) {
  const auto same = [&](const Finding& old) {
    return old.error.where == finding.error.where && old.error.message == finding.error.message;
  };
  if (std::none_of(all_.begin(), all_.end(), same)) all_.push_back(std::move(finding));
}

bool Findings::has_errors() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Finding& one) { return one.severity == Severity::error; });
}

bool Findings::has_error_at(const Where& where) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Finding& one) {
    return one.severity == Severity::error && one.error.where == where;
  });
}

std::vector<Finding> Findings::take_sorted() {
  std::stable_sort(all_.begin(), all_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.error.where.file, a.error.where.line) <
           std::tie(b.error.where.file, b.error.where.line);
  });
  return std::move(all_);
}

namespace {

// The chunk lies on the stack; leaves nothing there.
std::optional<Value> run_chunk(LuaState& lua, const SourceFile& file, Findings& findings) {
  if (Status status = lua.call(0, 1, lua.limits().load_steps); !status.ok()) {
    Error error = status.error();
    if (error.where.file.empty()) error.where.file = file.path;
    findings.add({Severity::error, std::move(error)});
    return std::nullopt;
  }
  Result<Value> value = value_at(lua, -1);
  lua_pop(lua.raw(), 1);
  if (value.ok()) return std::move(*value);
  findings.error({file.path, 0}, value.error().code, value.error().message, value.error().hint);
  return std::nullopt;
}

}  // namespace

std::optional<Value> load_file(LuaState& lua, Sheet sheet, const SourceFile& file,
                               Findings& findings, StepSink* steps) {
  if (Status status = lua.compile(sheet, file.text, file.path); !status.ok()) {
    findings.add({Severity::error, status.error()});
    return std::nullopt;
  }
  check_names(lua, sheet, file, findings);
  Loading loading{file, findings, steps};
  lua.set_loading(&loading);
  std::optional<Value> value = run_chunk(lua, file, findings);
  lua.set_loading(nullptr);
  return value;
}

}  // namespace relance

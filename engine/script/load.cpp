#include "script/load.h"

#include <fmt/format.h>
#include <lua.h>

#include <algorithm>

#include "base/text.h"
#include "script/sandbox.h"

namespace relance {
namespace {

constexpr size_t kLongestMessage = 1000;
constexpr size_t kMostSlips = 200;  // of one file
constexpr int64_t kStepsOfSlip = 100;

}  // namespace

void Findings::error(const Where& where, Code code, std::string message, std::string hint) {
  add({Severity::error, {code, std::move(message), where, std::move(hint)}});
}

void Findings::warning(const Where& where, Code code, std::string message, std::string hint) {
  add({Severity::warning, {code, std::move(message), where, std::move(hint)}});
}

void Findings::add(Finding finding) {
  finding.error.message = shortened(std::move(finding.error.message), kLongestMessage);
  const Where& where = finding.error.where;
  if (said_.insert(fmt::format("{}:{}:{}", where.file, where.line, finding.error.message)).second)
    all_.push_back(std::move(finding));
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
  said_.clear();
  return std::move(all_);
}

void stop_at_many_slips(LuaState& lua) {
  lua.charge(kStepsOfSlip);
  const Loading* loading = lua.loading();
  if (loading != nullptr && loading->findings.count() > loading->found_before + kMostSlips)
    lua.raise(Code::bad_value, "there are too many errors before this one");
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
  Loading loading{file, findings, steps, findings.count()};
  lua.set_loading(&loading);
  std::optional<Value> value;
  if (Status status = lua.compile(sheet, file.text, file.path); status.ok()) {
    check_names(lua, sheet, file, findings);
    value = run_chunk(lua, file, findings);
  } else {
    findings.add({Severity::error, status.error()});
  }
  lua.set_loading(nullptr);
  return value;
}

}  // namespace relance

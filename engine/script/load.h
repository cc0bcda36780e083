// Loading one file of a bundle: it runs once, in its sheet's vocabulary, and leaves a Value.
//
// A slip does not stop the file: it is reported at its own line, a spoilt value takes its place and
// the file goes on, so that all errors come at once.
// Threads: as LuaState.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/graph/check.h"
#include "script/value.h"

namespace relance {

struct SourceFile {
  std::string path;  // as shown in messages: the directory given, then the path in the bundle
  std::string text;
};

// Collects what is wrong. Findings of one file and line with the same words are kept once.
class Findings {
 public:
  void error(const Where& where, Code code, std::string message, std::string hint = {});
  void warning(const Where& where, Code code, std::string message, std::string hint = {});
  void add(Finding finding);
  bool has_errors() const;
  bool has_error_at(const Where& where) const;
  size_t count() const { return all_.size(); }
  std::vector<Finding> take_sorted();  // by file, line

 private:
  std::vector<Finding> all_;
  std::unordered_set<std::string> said_;
};

// Takes the steps of a flow or a script as `f.name = kind { ... }` runs (steps.h).
class StepSink {
 public:
  virtual ~StepSink() = default;
  // `flow "name" { ... }` or `script "name" { ... }`. False: there is one already.
  virtual bool begin(const std::string& name, Value header) = 0;
  // `f.name = draft`; `line` is where it was assigned.
  virtual void assign(const std::string& name, Value draft, int line) = 0;
  // The step that `f.name` means; kNoStep: reported, go on with a spoilt value.
  virtual StepIndex read(const std::string& name, int line) = 0;
  // Is `word` an outcome (or `otherwise`) of it? False: reported, go on with a spoilt value.
  virtual bool edge(StepIndex step, const std::string& word, int line) = 0;
  virtual void ignore(Value edges) = 0;
};

// What is being loaded; C functions of the vocabulary find it in the state.
struct Loading {
  const SourceFile& file;
  Findings& findings;
  StepSink* steps = nullptr;
  size_t found_before = 0;  // findings of other files
};

// Ends the running file where it has more slips than anybody reads. To be called by what Lua calls
// after each thing that may find one; it also pays for the work.
void stop_at_many_slips(LuaState& lua);

// What the file returned. nullopt: it did not run to its end; that was reported.
std::optional<Value> load_file(LuaState& lua, Sheet sheet, const SourceFile& file,
                               Findings& findings, StepSink* steps = nullptr);

}  // namespace relance

// StepsAbove: the names of a ledger: steps that stand, steps that are spoilt, and what was read
// before it stood. Shared by flows and scripts.
//
// Threads: one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "script/load.h"

namespace relance {

class StepsAbove {
 public:
  // `noun`: "step" or "turn"; `letter`: how the ledger is called in hints.
  StepsAbove(const SourceFile& file, Findings& findings, std::string noun)
      : file_(file), findings_(findings), noun_(std::move(noun)) {}

  // Takes a name for a step to come. False: it is taken or is no name, reported.
  bool claim(const std::string& name, int line);
  void stand(const std::string& name, StepIndex index) { index_[name] = index; }
  void spoil(const std::string& name) { spoilt_.insert(name); }

  // kNoStep: it is spoilt, or does not stand; the latter is reported by report_missing.
  StepIndex read(const std::string& name, int line);
  // Once all lines were run: names that were read and did not stand, with the best hint (E0106).
  void report_missing();

  bool missed_any() const { return !missed_.empty() || !spoilt_.empty(); }
  std::vector<std::string> names() const;

 private:
  struct Missed {
    std::string name;
    int line;
  };
  const SourceFile& file_;
  Findings& findings_;
  std::string noun_;
  std::map<std::string, int> lines_;
  std::map<std::string, StepIndex> index_;
  std::set<std::string> spoilt_;
  std::vector<Missed> missed_;
};

// Is `word` one of `outcomes`, or `otherwise`? Else reports E0107 with what comes nearest.
bool check_outcome(const std::vector<std::string>& outcomes, const std::string& step,
                   const std::string& word, const Where& where, Findings& findings);

}  // namespace relance

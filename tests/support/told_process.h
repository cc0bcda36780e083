// The process with secrets that a test tells it, in the place of its environment.
#pragma once

#include <map>
#include <string>

#include "base/process.h"

namespace relance::test {

class ToldProcess final : public Process {
 public:
  using Secrets = std::map<std::string, std::string, std::less<>>;
  ToldProcess(std::initializer_list<Secrets::value_type> told) : told_(told) {}

  std::optional<std::string> environment(std::string_view name) const override {
    const auto known = told_.find(name);
    return known == told_.end() ? std::nullopt : std::optional(known->second);
  }
  std::string boot_id() const override { return machine_.boot_id(); }

 private:
  Secrets told_;
  SystemProcess machine_;
};

}  // namespace relance::test

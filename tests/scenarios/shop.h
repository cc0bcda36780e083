// One installation in a folder of its own, as an operator has it: bundle, store, a source of
// events, and the effect ledger that the played provider writes. Its program is the real one.
//
// Threads: one.
#pragma once

#include <filesystem>
#include <memory>

#include "scenarios/child_process.h"
#include "scenarios/preloaded.h"
#include "scenarios/source.h"

namespace relance::test {

constexpr int kLastLifeMs = 90'000;  // for everything that is left to do

std::string read_text(const std::filesystem::path& path);
// Of the storms' own: RELANCE_STORM_...; how long they take, and what chance decides.
uint64_t setting(const char* name, uint64_t otherwise);

class Shop {
 public:
  // `name`: its folder below the build's. `delivery`: the class of its channels. `more`: replaces
  // texts of bundle files, each once.
  Shop(const std::string& name, const std::string& delivery,
       const std::vector<std::pair<std::string, std::string>>& more = {});

  // Works from now on with a copy of the program and its plugins, in installed(): a test may put
  // other builds into their places.
  void install();
  std::filesystem::path installed() const { return home_ / "installed"; }

  // `relance run` with the events on stdin. `arguments` are added.
  std::unique_ptr<ChildProcess> start(const std::vector<std::string>& arguments = {});
  // The same, with what faults() plans.
  std::unique_ptr<ChildProcess> start_with_faults(const std::vector<std::string>& arguments = {});
  // The same under limits: "ulimit -n 20".
  std::unique_ptr<ChildProcess> start_limited(const std::string& limits);
  // Gives events at this pace. True: the process has ended before.
  bool give(ChildProcess& child, int for_ms, int per_second);
  // Gives what is not acknowledged until all is; true: it is.
  bool give_again(ChildProcess& child, int within_ms);
  // Feeds the line that was begun, then no more.
  void end_feed(ChildProcess& child);
  // A last life without faults: gives again what was not acknowledged, wants a clean end.
  void finish();

  std::string path(const std::string& name) const { return (home_ / name).string(); }
  std::string store() const { return store_; }
  void keep_store_in(const std::string& folder) { store_ = path(folder) + "/store.db"; }
  std::string log() const { return read_text(home_ / "log"); }
  bool says(const std::string& words) const { return log().find(words) != std::string::npos; }
  const std::string& delivery() const { return delivery_; }
  Source& source() { return source_; }
  const Source& source() const { return source_; }
  Faults& faults() { return faults_; }

 private:
  std::unique_ptr<ChildProcess> start(const std::vector<std::string>& arguments,
                                      std::vector<std::string> environment);
  std::vector<std::string> command() const;
  std::unique_ptr<ChildProcess> spawn(const std::vector<std::string>& command,
                                      std::vector<std::string> environment);
  bool feed(ChildProcess& child, int wait_ms);

  std::filesystem::path home_;
  std::string program_, store_, delivery_;
  Source source_;
  Faults faults_;
  std::string pending_;  // lines, not fed yet
};

}  // namespace relance::test

#include "scenarios/shop.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/clock.h"
#include "base/process.h"

namespace fs = std::filesystem;

namespace relance::test {
namespace {

constexpr size_t kMostPending = 256 * 1024;  // the program takes no more: the source waits
constexpr int kGrainMs = 2;

void replace_once(const fs::path& folder, const std::string& what, const std::string& with) {
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::string text = read_text(file);
    const size_t at = text.find(what);
    if (at == std::string::npos) continue;
    std::ofstream(file.path()) << text.replace(at, what.size(), with);
    return;
  }
  FAIL("no file of the bundle holds " << what);
}

fs::path made_anew(const std::string& name) {
  const fs::path home = fs::path(RELANCE_BUILD_DIR) / "storm" / name;
  fs::remove_all(home);
  fs::create_directories(home);
  return home;
}

}  // namespace

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

uint64_t setting(const char* name, uint64_t otherwise) {
  const auto given = SystemProcess().environment(name);
  return given ? std::stoull(*given) : otherwise;
}

Shop::Shop(const std::string& name, const std::string& delivery,
           const std::vector<std::pair<std::string, std::string>>& more)
    : home_(made_anew(name)),
      program_(RELANCE_BUILD_DIR "/bin/relance"),
      store_(path("store.db")),
      delivery_(delivery),
      source_(path("acks.jsonl")),
      faults_(home_.string(), "store.db") {
  fs::copy(fs::path(RELANCE_SOURCE_DIR) / "tests/scenarios/bundles/crash", home_ / "bundle",
           fs::copy_options::recursive);
  replace_once(home_ / "bundle", "\"CLASS\"", '"' + delivery + '"');
  for (const auto& [what, with] : more) replace_once(home_ / "bundle", what, with);
}

void Shop::install() {
  const fs::path plugins = "lib/relance/plugins";
  fs::create_directories(installed() / "bin");
  fs::create_directories(installed() / plugins);
  fs::copy_file(program_, installed() / "bin/relance");
  fs::copy(fs::path(RELANCE_BUILD_DIR) / plugins, installed() / plugins);
  program_ = (installed() / "bin/relance").string();
}

std::unique_ptr<ChildProcess> Shop::start(const std::vector<std::string>& arguments) {
  return start(arguments, std::vector<std::string>());
}

std::unique_ptr<ChildProcess> Shop::start_with_faults(const std::vector<std::string>& arguments) {
  return start(arguments, faults_.environment());
}

std::unique_ptr<ChildProcess> Shop::start_limited(const std::string& limits) {
  std::vector<std::string> limited{"/bin/sh", "-c", limits + "; exec \"$0\" \"$@\""};
  for (const std::string& word : command()) limited.push_back(word);
  return spawn(limited, {});
}

std::vector<std::string> Shop::command() const {
  return {program_, "run",       path("bundle"),        "--events",
          "-",      "--acks",    path("acks.jsonl"),    "--store",
          store(),  "--effects", path("effects.jsonl"), "--clock",
          "real",   "--sandbox"};
}

std::unique_ptr<ChildProcess> Shop::start(const std::vector<std::string>& arguments,
                                          std::vector<std::string> environment) {
  std::vector<std::string> all = command();
  all.insert(all.end(), arguments.begin(), arguments.end());
  return spawn(all, std::move(environment));
}

std::unique_ptr<ChildProcess> Shop::spawn(const std::vector<std::string>& command,
                                          std::vector<std::string> environment) {
  source_.start_over();
  pending_.clear();
  ChildProcess::Options options{path("log"), std::move(environment), true};
  return std::make_unique<ChildProcess>(command, options);
}

// True: the process has ended.
bool Shop::feed(ChildProcess& child, int wait_ms) {
  pending_.erase(0, child.feed(pending_));
  return child.ends_within(wait_ms);
}

bool Shop::give(ChildProcess& child, int for_ms, int per_second) {
  const SystemClock clock;
  const Duration began = clock.since_boot();
  int64_t given = 0;
  for (int64_t ms = 0; ms < for_ms; ms = (clock.since_boot() - began).ms) {
    for (; given < ms * per_second / 1000; ++given)
      if (pending_.size() < kMostPending) pending_ += source_.next();
    if (feed(child, kGrainMs)) return true;
  }
  source_.look();
  return false;
}

bool Shop::give_again(ChildProcess& child, int within_ms) {
  const SystemClock clock;
  const Duration end = clock.since_boot() + milliseconds(within_ms);
  while (source_.acknowledged() < source_.made() && clock.since_boot() < end) {
    while (source_.has_old() && pending_.size() < kMostPending) pending_ += source_.next();
    if (feed(child, kGrainMs)) break;
    source_.look();
  }
  source_.look();
  return source_.acknowledged() == source_.made();
}

void Shop::end_feed(ChildProcess& child) {
  const SystemClock clock;
  const Duration end = clock.since_boot() + milliseconds(kLastLifeMs);
  while (!pending_.empty() && clock.since_boot() < end)
    if (feed(child, kGrainMs)) break;
  child.end_of_feed();
}

void Shop::finish() {
  const auto last = start();
  const bool all = give_again(*last, kLastLifeMs);
  INFO(log());
  REQUIRE(all);
  end_feed(*last);
  REQUIRE(last->ends_within(kLastLifeMs));
  REQUIRE(last->exit() == 0);
}

}  // namespace relance::test

#include "scenarios/preloaded.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace relance::test {

Faults::Faults(const std::string& below, std::string files)
    : path_(below + "/faults"), files_(std::move(files)) {
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  REQUIRE(::ftruncate(file, sizeof *state_) == 0);
  void* memory = ::mmap(nullptr, sizeof *state_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  REQUIRE(memory != MAP_FAILED);
  state_ = static_cast<faults_state*>(memory);
  plan("");
}

Faults::~Faults() { ::munmap(state_, sizeof *state_); }

void Faults::plan(std::string rules, const std::string& files) {
  rules_ = std::move(rules);
  if (!files.empty()) files_ = files;
  *state_ = {FAULTS_NO_LIMIT, 0, 0, 0, 0, 0};
}

void Faults::leave_room(int64_t bytes) { __atomic_store_n(&state_->room, bytes, __ATOMIC_SEQ_CST); }

void Faults::shift_clock(int64_t by_ms) {
  __atomic_store_n(&state_->clock_shift_ms, by_ms, __ATOMIC_SEQ_CST);
}

std::vector<std::string> Faults::environment() const {
  return {"LD_PRELOAD=" RELANCE_BUILD_DIR "/tests/faults/librelance_faults.so",
          "RELANCE_FAULTS_STATE=" + path_, "RELANCE_FAULTS_FILES=" + files_,
          "RELANCE_FAULTS=" + rules_,
          // The sanitizers' run time wants to be the first library; it need not be.
          "ASAN_OPTIONS=verify_asan_link_order=0"};
}

}  // namespace relance::test

// Crash marks: for every touch on its way, whether it was begun and what was answered, in a mapped
// file. It is never flushed: what a killed process wrote there lives on in the machine's memory, so
// a mark costs no I/O. The boot's id in its header makes it void after a power loss.
//
//   no mark     the touch was never begun: it may leave now
//   begun       bytes may have left: its delivery class decides
//   answered    this was the answer; it only was not committed any more
//
// "No mark" says something only of touches intended after `since`, and only while every mark found
// room; a file of another boot, installation or writer says nothing at all.
// A slot has 128 bytes: with the 64 that a key and a state need, a provider's id would not fit.
//
// Threads: any. Owns: the mapping; the file stays. Fails: open() with file_unreadable; the node
// then works without marks, and every open touch counts as begun after a crash.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/run/effect.h"

namespace relance {

// The file beside a store; empty for one in memory, which dies with the process.
std::string marks_path(const std::string& store);

class Marks {
 public:
  struct Owner {
    std::string path, boot_id, installation;
    uint64_t epoch = 0;        // of the store's opening
    uint64_t last_worked = 0;  // Opened::last_worked: no touch was begun between these two
    Instant now;
  };
  static Result<std::unique_ptr<Marks>> open(const Owner& owner);
  ~Marks();
  Marks(const Marks&) = delete;
  Marks& operator=(const Marks&) = delete;

  // Before the first byte may leave.
  void begin(const Key& touch, Instant now);
  // As soon as the answer is known. An answer that does not fit leaves the mark as it is.
  void answer(const Key& touch, const OperationResult& result);
  // What the mark says is in the store now.
  void release(const Key& touch);
  // Every customer with open touches was set going again and that is in the store: marks that an
  // earlier process left say nothing any more.
  void forget_earlier();

  // --- what an earlier process left
  enum class Said : uint8_t { nothing, never_begun, begun, answered };
  struct Found {
    Said said = Said::nothing;
    OperationResult result;  // of `answered`
  };
  // Of a touch that was intended then and has not been tried again since.
  Found found(const Key& touch, Instant intended_at) const;

 private:
  struct Header;
  struct Slot;
  Marks() = default;
  Slot* slot_at(size_t index) const;
  std::optional<size_t> slot_for(const Key& touch);
  void adopt(const Owner& owner);

  mutable std::mutex mutex_;
  char* memory_ = nullptr;
  std::vector<size_t> free_;
  std::unordered_map<Key, size_t, KeyHash> used_;     // by this process
  std::unordered_map<Key, size_t, KeyHash> earlier_;  // left by one before
};

}  // namespace relance

// One multi loop of libcurl on one thread, asleep when nothing is under way. Internal to this room.
// Threads: add(), cancel() and load() from any. Its end blocks for what a reply just then takes.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "net/multi_events.h"
#include "net/transfer.h"

namespace relance {

// What the loops of one net share.
struct LoopShare {
  const NetOptions& options;
  Circuits& circuits;
  std::mutex& replying;  // replies come one at a time
};

class TransferLoop {
 public:
  // `at_once`: transfers that are begun before others have ended.
  TransferLoop(const LoopShare& share, size_t at_once);
  ~TransferLoop();
  TransferLoop(const TransferLoop&) = delete;
  TransferLoop& operator=(const TransferLoop&) = delete;

  void add(std::unique_ptr<Transfer> transfer);
  void cancel(uint64_t ticket);          // nothing where it is not this loop's
  size_t load() const { return load_; }  // transfers that wait or are under way

 private:
  void loop();
  bool take_new();
  void begin(std::unique_ptr<Transfer> transfer);
  void refuse(std::unique_ptr<Transfer> transfer, const std::string& why);
  void finish_done();
  void finish(uint64_t ticket, CURLcode result);

  LoopShare share_;
  const size_t at_once_;
  SystemClock clock_;
  Sockets sockets_;
  CURLM* multi_;
  MultiEvents events_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<Transfer>> waiting_;
  std::vector<uint64_t> cancelled_;
  std::atomic<size_t> load_ = 0;
  std::atomic<uint64_t> only_ = 0;  // of a loop with one at once: what is under way
  std::atomic<bool> stopping_ = false;
  std::map<uint64_t, std::unique_ptr<Transfer>> running_;  // the thread's own
  std::thread thread_;
};

}  // namespace relance

// A source of events as the contract wants it: it keeps an event until it is acknowledged, and
// gives it again to the next process. What was acknowledged is remembered, to be asked for later.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace relance::test {

class Source {
 public:
  explicit Source(std::string acks) : acks_(std::move(acks)) {}

  // A new process reads: what is not acknowledged comes first.
  void start_over();
  // A store was put back to an older state: everything is given again, to the next process.
  void give_all_again();
  // The next event, one failed payment, as a line: an old one, else a new one.
  std::string next();
  bool has_old() const { return !again_.empty(); }
  // Takes in what was acknowledged since.
  void look();

  size_t made() const { return events_.size(); }
  size_t acknowledged() const { return acknowledged_; }
  size_t refused() const { return refused_; }
  size_t kept_twice() const { return kept_twice_; }  // acknowledged as new more than once
  std::set<uint64_t> hashes(bool acknowledged_only) const;

 private:
  struct Event {
    std::string line;
    uint64_t hash = 0;
    bool kept = false, acknowledged = false;
  };
  void make();

  std::string acks_;
  size_t read_ = 0;  // bytes of the acknowledgements
  std::vector<Event> events_;
  std::deque<size_t> again_;
  size_t acknowledged_ = 0, refused_ = 0, kept_twice_ = 0;
};

}  // namespace relance::test

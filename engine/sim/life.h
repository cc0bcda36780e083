// A made-up life of one customer: what happens to him, in events of the bundle's own vocabulary.
// What the engine's orders are answered, and how fast, follows from the seed and from what each
// order is about; so a life without some of its events goes on as it did otherwise.
//
// Pure: the same number makes the same life. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "script/bundle.h"

namespace relance {

struct Happening {
  Instant time, told_at;  // when it happened; when we hear of it
  std::string type;
  Doc data;          // typed by the catalogue
  bool about_touch;  // about the latest contact that there is then
  int number = 0;    // its id: the same in every shorter life
};

struct Life {
  uint64_t seed = 0;
  Instant from, to;
  std::vector<Happening> events;  // in order of told_at
};

// What can happen in a bundle: the events that its flows and contact rules name, with values of
// which a few repeat, so that flows meet at one key, and those that its decision tables know.
class LifeMaker {
 public:
  explicit LifeMaker(const Bundle& bundle);
  Life make(uint64_t seed) const;

 private:
  struct Kind {
    std::string type, about;
    std::vector<std::string> keys;  // fields that correlate
    int weight = 1;
  };
  void add(const std::string& type, int weight);
  void add_words(const Flow& flow);
  Doc data_of(const Kind& kind, class Dice& dice, Instant at) const;

  const Bundle& bundle_;
  std::vector<Kind> kinds_;
  std::vector<std::string> words_;  // of decision tables
  int weights_ = 0;
};

// Chance that follows from what it is about: cheap, and the same whatever was drawn before.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  Dice(uint64_t seed, uint64_t about, uint64_t what) : state_(seed * 31 + about * 7 + what) {
    next();
  }
  uint64_t next();
  uint64_t below(uint64_t end) { return next() % end; }
  bool percent(uint64_t share) { return below(100) < share; }
  // Short spans are as likely as long ones.
  Duration span(Duration most);

 private:
  uint64_t state_;
};

}  // namespace relance

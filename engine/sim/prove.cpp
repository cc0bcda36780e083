#include "sim/prove.h"

#include <fmt/format.h>

namespace relance {
namespace {

constexpr uint64_t kWeeksOfALife = 4;

bool breaks(const Played& played, const std::string& rule) {
  return !played.breaches.empty() && played.breaches.front().rule == rule;
}

// Leaves out halves, quarters, ... and then single events, as long as the same rule is broken.
Life shortest(const Bundle& bundle, const Rules& rules, Life life, const std::string& rule) {
  size_t step = std::max<size_t>(1, life.events.size() / 2);
  while (true) {
    bool shorter = false;
    for (size_t from = 0; from < life.events.size();) {
      Life tried = life;
      const auto first = tried.events.begin() + static_cast<long>(from);
      const size_t count = std::min(step, tried.events.size() - from);
      tried.events.erase(first, first + static_cast<long>(count));
      if (breaks(LifePlayer(bundle, rules, tried, false).play(), rule)) {
        life = std::move(tried);
        shorter = true;
      } else {
        from += count;
      }
    }
    if (step == 1 && !shorter) return life;
    step = std::max<size_t>(1, step / 2);
  }
}

CounterExample explained(const Bundle& bundle, const Rules& rules, const Life& life,
                         const std::string& rule) {
  const Life least = shortest(bundle, rules, life, rule);
  Played played = LifePlayer(bundle, rules, least, true).play();
  return {played.breaches.front(), 0, least.events.size(), life.events.size(),
          std::move(played.story)};
}

}  // namespace

Proof prove(const Bundle& bundle, const Rules& rules, const ProofOptions& options) {
  const LifeMaker maker(bundle);
  Proof proof;
  for (uint64_t n = options.seed; proof.weeks < options.weeks; ++n) {
    const Life life = maker.make(n);
    const Played played = LifePlayer(bundle, rules, life, false).play();
    ++proof.lives;
    proof.weeks += kWeeksOfALife;
    proof.events += played.events;
    proof.contacts += played.contacts;
    proof.charges += played.charges;
    proof.put_off += played.put_off;
    proof.refused += played.refused;
    if (played.breaches.empty()) continue;
    proof.found = explained(bundle, rules, life, played.breaches.front().rule);
    proof.found->life = n;
    break;
  }
  return proof;
}

std::string proof_text(const Proof& proof) {
  const std::string looked_at = fmt::format(
      "{} customer-weeks of {} made-up customers: {} events, {} contacts, {} charges; "
      "{} times put off, {} times refused\n",
      proof.weeks, proof.lives, proof.events, proof.contacts, proof.charges, proof.put_off,
      proof.refused);
  if (!proof.found) return "no declared rule was broken in " + looked_at;
  const CounterExample& found = *proof.found;
  const Error broken{Code::rule_broken, found.breach.text, {}, {}};
  std::string text = broken.text() + "\n";
  text += fmt::format("the shortest history that shows it ({} of {} events of life {}):\n",
                      found.events, found.events_then, found.life);
  for (const std::string& line : found.story) text += "  " + line + "\n";
  return text + "found in " + looked_at;
}

}  // namespace relance

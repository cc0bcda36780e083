// What the reports count: runs with what was done for them, shares with their confidence, cells.
//
// Threads: any. Owns: a Case points into its casebook.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "admin/report.h"

namespace relance {

// A run and what was done for it.
struct Case {
  const RunRow* run = nullptr;
  std::vector<std::string> kinds;  // kinds of channels that acted, in the order of their first use
  uint64_t contacts = 0;           // messages that left or may have left
  Instant first_contact_at = Instant::never();
  std::string last_refusal;  // why the latest contact that was judged did not leave
  std::map<Currency, int64_t> cost_micro;
  std::string by;  // recovered: who is credited; empty: not recovered

  bool recovered() const { return run->status == "goal"; }
  bool open() const { return run->ended_at.is_never(); }
  std::string mix() const;  // "email+retry", sorted; "none"
};

// Runs that began at or after `since`, in order of start.
std::vector<Case> cases_of(const Casebook& book, Instant since);

// The kind of channel credited with a recovered run, "human" or "self".
std::string credited_kind(const RunRow& run, const std::map<Key, std::string>& kinds);

// Did it leave, or may it have? Refused, held and failed ones did not.
bool has_left(const TouchRow& row);

// A share of a count with its 95 % interval: Wilson's score interval (Wilson 1927), which holds for
// small counts and shares near 0 and 1.
struct Share {
  uint64_t part = 0, whole = 0;
  double value() const;
  double low() const;
  double high() const;
};
// a - b with its 95 % interval, from both Wilson intervals (Newcombe 1998, method 10).
struct Difference {
  double value = 0, low = 0, high = 0;
};
Difference difference(const Share& a, const Share& b);

// "2026-01-05": the Monday, in UTC, of the week it lies in.
std::string week_of(Instant at);

Figure words(std::string_view text);
Figure count(uint64_t n);
Figure number(double n);       // one digit after the point
Figure percent(double share);  // 0.125: "12.5 %"; for programs the share
Figure percent(const Share& share);
Figure amount(int64_t minor, const Currency& currency);  // "49.00"; for programs minor units
Figure cost(int64_t micro, const Currency& currency);  // in the currency, for programs micro units
Figure moment(Instant at);
Figure none();
void add_interval(std::vector<Figure>& row, const Share& share);  // share, low, high

}  // namespace relance

// A segment: who is in it, and how a connector is asked for those who may be.
//
// A CRM has many forms for one value: a text is read as what it is compared with, as a number, true
// or false, an instant or a day (its midnight, UTC). What cannot be read so does not match.
// Threads: any; pure.
#pragma once

#include "core/graph/flow_start.h"

namespace relance {

// As of one instant: `ago(days(90))` is counted back from it once.
class SegmentTest {
 public:
  SegmentTest(const Segment& segment, Instant now);

  // The fields of his record in the CRM.
  bool record_fits(DocView record) const;
  // What the engine keeps of him, for the columns that begin with "facts.".
  bool facts_fit(DocView facts) const;

 private:
  bool fits(DocView record, bool facts) const;

  const Segment& segment_;
  std::vector<Cell> cells_;
};

// Does any column ask the engine's own facts?
bool asks_facts(const Segment& segment);

// The questions of one round, which began at `now`, one after the other; each a record: field ->
// value, list of values, or {at_least, below}, as a connector's `page` takes it.
// `since`: when the last whole round began. Then, where the segment says which field tells of a
// change, only those are asked for who can have come in since: whose records changed, or who were
// passed by a bound that counts back from now. beginning(): everyone. Where facts of the engine's
// own are asked it is everyone always.
std::vector<Doc> segment_queries(const Segment& segment, Instant now, Instant since);

// The cell's values with `ago` counted back from `now`.
Cell cell_at(const Cell& cell, Instant now);

// A value that the cell takes, as a record of a CRM could have it; for rehearsals.
Doc example_of(const Cell& cell, Instant now);

}  // namespace relance

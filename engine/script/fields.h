// Fields: reads a table of the user's against a list of known fields. The lists are the one field
// registry of the language: checks, the reference page and the editor's annotations come from them.
//
// The constructor reports every unknown field (E0105, did you mean), missing field (E0108) and
// wrong shape (E0109) at the field's own line; after that the readers give what fits, else nothing.
// Threads: one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/step.h"
#include "script/load.h"

namespace relance {

enum class Shape : uint8_t {
  any,
  text,
  texts,
  integer,
  boolean,
  duration,
  time_of_day,
  function,
  record,
  table,
  money,
  number,
  events,       // event "x", or any { event ... }
  start,        // events, absence_of "x" (days(90)) or segment { ... }
  after,        // an edge, any, all, ended
  data,         // a function of the run, or a record
  step,         // another step of this flow
  send_time,    // "18:30" or policy "x"
  moment,       // before "event.x" { ... } or since "event.x" (minutes(60))
  when_length,  // of `wait`: a duration, a moment or until_local "09:00"
};
std::string_view shape_name(Shape shape);  // for messages and the reference: "a duration"
std::string_view shape_type(Shape shape);  // for the editor's annotations: "relance.duration"

struct Field {
  std::string_view name;  // "1": the first item of the table, which needs no name
  Shape shape = Shape::any;
  bool required = false;
  std::string_view help;
};

// Where a table stands: the file, and the line at which its `{` opens. Finds the line of each field
// by reading the source from there.
struct Place {
  const SourceFile* file = nullptr;
  int line = 0;
  std::vector<std::string> path;  // to a table inside: {"rows", "2"}

  Where at() const;                        // of the table itself
  Where at(std::string_view field) const;  // of a field in it
  Place inside(std::string_view field) const;
};

class Fields {
 public:
  // `what` names the table in messages: "step 'call'", "bundle".
  Fields(const Value& table, std::span<const Field> known, std::string what, Place place,
         Findings& findings);

  // The value of a field that is there and has its shape; else nullptr.
  const Value* get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name) != nullptr; }
  // Was the field written at all, right or wrong?
  bool written(std::string_view name) const;

  std::string text(std::string_view name) const;                // empty: not there
  std::vector<std::string> texts(std::string_view name) const;  // one text counts as a list of one
  std::optional<int64_t> integer(std::string_view name) const;
  bool boolean(std::string_view name, bool otherwise = false) const;
  std::optional<Duration> duration(std::string_view name) const;
  std::optional<TimeOfDay> time_of_day(std::string_view name) const;
  Doc record(std::string_view name) const;  // null: not there

  // An integer within bounds; outside it is reported (bad_value) and `otherwise` holds.
  int whole(std::string_view name, int otherwise, int least, int most) const;

  void error(std::string_view name, Code code, std::string message, std::string hint = {}) const;
  void warning(std::string_view name, Code code, std::string message, std::string hint = {}) const;
  // "did you mean" over `known`; reports `code` "no CHANNEL 'x'" when `word` is not among them.
  bool known(std::string_view name, std::string_view word,
             const std::vector<std::string>& candidates, Code code, std::string_view noun) const;

  const Place& place() const { return place_; }
  const std::string& what() const { return what_; }
  Findings& findings() const { return *findings_; }

 private:
  const Value* raw(std::string_view name) const;
  void check_shape(const Field& field, const Value& value);

  const Value* table_;
  std::span<const Field> known_;
  std::string what_;
  Place place_;
  Findings* findings_;
  std::vector<std::string_view> wrong_;  // fields whose shape was reported
};

}  // namespace relance

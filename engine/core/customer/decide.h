// decide: the heart. One input about one customer in, records and effects out.
//
//   decide(customer, input, rules) -> records, effects      and every record already applied to `customer`
//
// Pure: no I/O, no clock, no chance; the same customer, input and context give the same decision. The customer passed in
// is changed by apply() only, so after a failed commit the caller drops him and loads him again.
// Threads: the customer's actor. Fails: never; what goes wrong in a flow is recorded as the step's or the run's failure.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/gate/gate.h"
#include "core/run/effect.h"
#include "core/run/rules.h"
#include "core/state/record.h"

namespace relance {

// An event, accepted and typed by the catalogue.
struct EventInput {
  std::string id, source, type, subject;
  Instant time;
  Doc data;            // a record
  uint64_t hash = 0;   // event_hash(tenant, source, id)
  Key touch;           // the touch it is about, where the sender knew it
};

struct DueInput {};  // something of his may be due at context.now

struct SlotInput {  // the lane of a want grants a slot
  Key run;
  StepIndex step = kNoStep;
  uint8_t try_no = 0;
};

struct ResultInput {  // of a Send
  Key touch;
  OperationResult result;
};

struct LookUpInput {
  Key touch;
  OperationResult result;
};

struct ReadInput {
  Key operation;
  OperationResult result;  // data: the record; status absent: there is none
};

struct HeardInput {  // a turn of a conversation
  Key touch;
  int turn = 0;
  std::string text, keys;  // what was said, what was pressed
  std::string word;        // already understood (sandbox, scripted); else empty
  Doc answers;             // a record
  bool silent = false;
};

struct UnderstoodInput {
  Key touch;
  int turn = 0;
  std::string word;  // empty: unclear
  Doc answers;
};

// The process came up again and found this customer with open touches or wants.
struct RecoverInput {
  int64_t boot_ms = 0;  // time since boot
  // Of each open touch, what the crash mark says: never begun, answered (with its result), or nothing.
  std::vector<std::pair<Key, OperationResult>> answered;
  std::vector<Key> never_begun;
};

struct CommandInput {
  std::string command;  // settle, resolve, return, take, pause, resume
  std::string author;
  Key touch, run;
  std::string step, word;
  Doc data;
};

using Input = std::variant<EventInput, DueInput, SlotInput, ResultInput, LookUpInput, ReadInput, HeardInput,
                           UnderstoodInput, RecoverInput, CommandInput>;

// Grants slots at once where there is room; false: the want is queued and a SlotInput follows.
class Slots {
 public:
  virtual ~Slots() = default;
  virtual bool take(const Want& want) = 0;
};

struct Context {
  Instant now;
  int64_t boot_ms = 0;
  const std::string& installation;
  const Rules& rules;
  const Suppression& suppression;
  Slots& slots;
  bool duplicate = false;  // the store knows this event's hash (asked only where the customer cannot tell)
};

struct Decision {
  Entry entry;                  // no records: nothing was decided, nothing is to be written
  std::vector<Effect> effects;  // in order; to be released after the commit
  bool duplicate_event = false;
  std::vector<Want> slots_unused;  // slots granted to this input that nothing used: give them back

  void clear();
};

void decide(Customer& customer, const Input& input, const Context& context, Decision& decision);

uint64_t event_hash(std::string_view tenant, std::string_view subject, std::string_view source, std::string_view id);

// What an entry adds to the store's late tables.
struct EntryIndex {
  std::vector<uint64_t> seen;
  std::vector<std::pair<uint64_t, Key>> references;  // hash -> touch
  std::vector<std::pair<uint64_t, std::string>> addresses;
};
EntryIndex index_of(const Entry& entry);
uint64_t reference_hash(std::string_view channel, std::string_view provider_id);
uint64_t touch_hash(const Key& touch);

}  // namespace relance

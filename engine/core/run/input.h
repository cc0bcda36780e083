// Inputs: everything that can make a decision about one customer. Data only.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/run/effect.h"

namespace relance {

// An event, accepted and typed by the catalogue.
struct EventInput {
  std::string id, source, type, subject;
  Instant time;
  Doc data;           // a record
  uint64_t hash = 0;  // event_hash(tenant, source, id)
  Key touch;          // the touch it is about, where the sender knew it
  // Hash of the provider's id that it names while no touch is known by it; 0: none. It is taken by
  // an actor of its own and waits there (core/customer/early_event.h).
  uint64_t reference = 0;
};

struct DueInput {};  // something of his may be due at context.now

struct SlotInput {  // the lane of a want grants a slot
  Key run;
  StepIndex step = kNoStep;
  uint8_t try_no = 0;
  std::string channel;
};

struct ResultInput {  // of a Send
  Key touch;
  OperationResult result;
};

struct LookUpInput {
  Key touch;
  OperationResult result;
};

struct ReadInput {  // of a Read or a Compose
  Key operation;
  OperationResult result;  // data: the record; status absent: there is none
};

struct RecallInput {
  Key touch;
  OperationResult result;  // cancelled: taken back; done: too late
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
  // Of each open touch, what the crash mark says: never begun, answered (with its result), or
  // nothing.
  std::vector<std::pair<Key, OperationResult>> answered;
  std::vector<Key> never_begun;
};

struct CommandInput {
  // settle, migrate, unmigrate; of an item of a human queue: take, resolve, return; of a pause:
  // pause, resume, resumed, release (core/customer/pause.h); to guards: count; of what is kept of
  // the customer: those of customer/privacy.h
  std::string command;
  std::string author;
  Key touch, run;  // of an item: run and step, or the item's own key
  std::string step, word;
  Doc data;
  Key item;
};

// --- flows that start by a segment (customer/search.h)

struct SearchInput {  // to a flow's own actor: its search may go on
  std::string flow;
  bool anew = false;  // the process came up: what was asked for before is asked for again
};

struct PageInput {  // to the same
  Key operation;
  OperationResult result;  // data: {items: [records], cursor}; without a cursor the last page
};

struct EnteredInput {  // to the same: everyone of a page was looked at, and what follows is durable
  Key operation;
  std::string cursor;  // of the next page; empty: there is none
  uint64_t looked_at = 0, found = 0;
};

// To a customer: a flow that starts without an event found him.
struct FoundInput {
  std::string flow, subject;
  uint64_t hash = 0;  // of (flow, round, subject): he is found once
  Doc data;           // of the run's event
  Doc record;         // what the search read of him; null: it read nothing, and he is one of them
};

struct TouchKnownInput {  // to the actor where events wait: a touch is known by that id now
  uint64_t reference = 0;
  Key customer, touch;
};

struct HandedOnInput {  // to the same: this touch's customer has the event
  uint64_t event = 0;   // its hash, of the actor
  Key touch;
};

using Input =
    std::variant<EventInput, DueInput, SlotInput, ResultInput, LookUpInput, ReadInput, HeardInput,
                 UnderstoodInput, RecoverInput, CommandInput, SearchInput, PageInput, EnteredInput,
                 FoundInput, RecallInput, TouchKnownInput, HandedOnInput>;

}  // namespace relance

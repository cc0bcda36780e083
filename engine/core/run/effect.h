// Effects: what a decision asks the world to do, once it is durable; and what comes back. Data
// only: who performs them is the shell's business.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/doc.h"
#include "core/state/touch.h"

namespace relance {

// A step wants to send: its lane grants a slot (Input::Slot) in this order.
struct Want {
  Key customer, run;
  StepIndex step = kNoStep;
  uint8_t try_no = 0;
  std::string channel;
  int priority = 0;  // smaller leaves first
  Instant deadline = Instant::never();
  Instant due;
  // A flow that paces itself: its name, and touches a minute; 0: it does not.
  std::string paced;
  int per_minute = 0;
};

// The intent of this touch is durable: perform it. The touch's frozen part is opened and rendered
// by the shell.
struct Send {
  Key customer;
  Touch touch;
  bool again = false;  // the same key and bytes as before
  bool slot = false;   // it holds a slot of its lane until it is answered
};

struct LookUp {
  Key customer;
  Touch touch;
};

struct CancelTouch {
  Key customer, touch;
};

// A read of a connector: no intent, may be repeated.
struct Read {
  Key customer, operation;
  std::string connector;  // "crm"
  std::string what, by;   // what: empty = the profile; by: the value to find it by
  std::string subject;    // the customer's own id
};

// The next turn of a conversation under way.
struct Perform {
  Key customer, touch;
  int turn = 0;
  std::string action;  // say, ask, play, transfer, end
  std::string text;
  std::vector<std::string> expects;
  std::string locale;
  Doc data;  // a record {script, step, flow}; of a transfer the packet for who takes over
};

// What does this utterance mean?
struct Understand {
  Key customer, touch;
  int turn = 0;
  std::string heard, locale, keys;
  std::vector<std::string> expects;
  size_t own_words = 0;  // so many of `expects`, from the first, are the script's own for this turn
};

// --- of a flow's search for its segment (customer/search.h); `customer` is the flow's own actor

// A page of records: answered by PageInput.
struct Page {
  Key customer, operation;
  std::string connector, query;  // JSON; its form: abi/relance/connector.h
  std::string cursor;            // empty: from the start
  uint32_t limit = 0;
};

// Hands these to the customers they are about; once all of it is durable: EnteredInput.
struct Enter {
  struct Found {
    std::string subject;
    Doc record;
  };
  Key customer, operation;
  std::string flow, cursor;
  uint64_t round = 0, looked_at = 0;
  std::vector<Found> found;
};

// SearchInput at this instant. `idle`: nothing is under way until then.
struct SearchLater {
  Key customer;
  std::string flow;
  Instant at;
  bool idle = false;
};

// Take back what the provider accepted and may not have delivered yet. A wish: what came of it is
// a fact and changes nothing.
struct Recall {
  Key customer;
  Touch touch;
};

// A message to be written by a content plugin. Asked once a touch, answered as a Read is.
struct Compose {
  Key customer, operation;
  std::string writer;  // its name in the bundle
  std::string channel_kind, locale;
  std::string text;  // the template, filled in; of an e-mail behind a line "Subject: ..."
  Doc facts;         // record: what may be said
  Duration within;   // an answer later than this is not used
};

// So much waits with this actor for a touch that is known by a provider's id: tell it as soon as
// there is one (TouchKnownInput). Nothing any more: stop looking.
struct SeekTouch {
  Key customer;  // the actor
  uint64_t reference = 0;
  size_t events = 0, bytes = 0;
};

// An event that waited goes to the customer of its touch, who may have it already; HandedOnInput
// says that he has it.
struct HandOn {
  Key customer;        // the actor where it waits
  uint64_t event = 0;  // its hash there
  Key to, touch;
  std::string id, source, type;
  Instant time;
  Doc data;
};

// Everyone who waits for anything looks at once what is due to him; then: EnteredInput.
struct Rouse {
  Key customer, operation;
};

// A guard is to know it (core/customer/guard.h).
enum class Guarded : uint8_t { contact, opt_out, complaint };
struct GuardTold {
  Key customer;
  std::string flow;
  Guarded what = Guarded::contact;
};

using Effect = std::variant<Want, Send, LookUp, CancelTouch, Read, Perform, Understand, Page, Enter,
                            SearchLater, Recall, Compose, SeekTouch, HandOn, Rouse, GuardTold>;

// ---- what comes back

enum class Wire : uint8_t { not_sent, maybe, answered };  // did bytes that act leave?

enum class OperationStatus : uint8_t { done, refused, not_now, failed, cancelled, unknown, absent };
std::string_view operation_status_name(OperationStatus status);

struct OperationResult {
  OperationStatus status = OperationStatus::unknown;
  Wire wire = Wire::not_sent;
  std::string word;  // outcome in the channel's words
  std::string reason;
  std::vector<std::string> refs;
  Doc data;  // a record
  int64_t cost_micro = 0;
  Currency cost_currency;
  Instant again_at = Instant::never();
  Instant acted_at;  // when the provider acted; the shell fills now where the plugin is silent
};

}  // namespace relance

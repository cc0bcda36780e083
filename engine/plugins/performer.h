// The border between deciding and doing: a Performer does what durable effects ask, an Inbox takes
// what comes back. The plugin host is a Performer over loaded plugins; tests script one of their
// own. The node owns the Inbox.
//
// Threads: a Performer's functions are called from any worker and never block; answers come to the
// Inbox from any thread, also before the asking call has returned. Each send, look-up, read and
// understand is answered exactly once; the host guarantees it with a time limit of its own (the
// answer is then `unknown`).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "core/run/input.h"
#include "core/run/rules.h"

namespace relance {

// A touch made ready to leave: its frozen part opened and rendered. The same touch gives the same
// order, byte for byte.
struct TouchOrder {
  Key customer;
  std::string subject;     // the customer's id in the shop's words
  Touch touch;             // key, class, channel, try; its `frozen` is left out
  std::string to, locale;  // to: empty for charges and operations
  std::vector<Part> parts;
  Doc data;  // record: the step's data; facts of a conversation; arguments of an operation
  // Context, as it was at the intent; null for a channel that is told none (Channel::context).
  Doc event;    // record: the run's event
  Doc keys;     // record: the run's key fields
  Doc profile;  // record: the customer's profile; null: not read yet
  std::string script;
  Doc history;  // context: list of earlier contacts, newest first
  Doc only_if;  // record: of an operation
  std::string op;
  std::string trace;  // of the run's event (W3C traceparent); empty: none
  Instant not_after = Instant::never();
};

// What became of an event that a plugin reported.
enum class EventFate : uint8_t {
  kept,       // it is durable, or was before: the sender may forget it
  nobody,     // no touch is known by its reference, and no more may wait: to be repeated later
  malformed,  // not what the bundle's event catalogue says; a repeat would not help
  refused,    // not kept: the store takes nothing at this moment
};

// An event that a plugin reports. Found by key, else by reference, else by subject, else by
// address. Where no touch is known by its reference yet, and it names no subject, it is kept until
// one is (core/customer/early_event.h); a person's message goes to its address at once.
struct PluginEvent {
  std::string channel;  // instance that reports: the name in the bundle
  std::string id, type;
  Instant at;
  Key key;
  std::string reference, address, subject;
  Doc data;  // a record
};

class Inbox {
 public:
  virtual ~Inbox() = default;
  virtual void deliver(const Key& customer, Input input) = 0;
  // `done` is called once, from any thread; it must not block.
  virtual void deliver_event(PluginEvent event, std::function<void(EventFate)> done) = 0;
  // The provider asks this channel as a whole to wait.
  virtual void pace(std::string_view channel, Instant again_at) = 0;
};

class Performer {
 public:
  virtual ~Performer() = default;
  virtual void send(TouchOrder order) = 0;  // answered by ResultInput
  virtual void look_up(TouchOrder order, std::vector<std::string> refs) = 0;  // LookUpInput
  virtual void cancel(const Key& touch) = 0;  // not answered; the send's own answer tells
  virtual void recall(TouchOrder order, std::vector<std::string> refs) = 0;  // RecallInput
  virtual void read(Read read) = 0;                                          // ReadInput
  virtual void page(Page page) = 0;                                          // PageInput
  virtual void compose(Compose question) = 0;                                // ReadInput
  virtual void perform(Perform turn) = 0;            // HeardInput follows, unless the call is over
  virtual void understand(Understand question) = 0;  // UnderstoodInput
  // Operations under way; a virtual clock waits until there are none.
  virtual size_t open_operations() const = 0;
};

// Calls back at an instant: a thread of its own on a real clock, the simulator's queue on a virtual
// one. `at` is by the Clock, as it shows now; engine time may be ahead of it. How long that is from
// now is settled there and then: whoever sets the clock afterwards moves no alarm. Threads: call_at
// from any; callbacks one at a time.
class Alarms {
 public:
  virtual ~Alarms() = default;
  // A watchdog alone keeps nobody waiting: a virtual clock does not advance just to let it bark.
  virtual void call_at(Instant at, std::function<void()> work, bool watchdog = false) = 0;
};

}  // namespace relance

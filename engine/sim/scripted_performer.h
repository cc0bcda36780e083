// A world that answers as it was told: channels, connectors and callers of a flow test. It stands
// where the plugin host stands in a real installation; nothing leaves the process.
//
// What is not told goes so: a message is delivered, a call meets no answer, a charge is declined,
// an operation is done, a read finds. In a conversation what is said and verified goes well, an
// unnamed question stays silent, a turn takes five seconds.
// Threads: one, that of a drive without workers. Lifetime: everything given outlives it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/graph/talk.h"
#include "plugins/performer.h"

namespace relance {

// What one touch, operation or read is answered, or how a caller talks. Words are outcomes; beside
// them `unknown` and `not_now` play a provider in trouble, `absent` one that knows of nothing when
// it is asked what became of an unknown touch.
struct ScriptedAnswer {
  struct Said {
    std::string word;
    Doc data;  // a record
  };
  std::string word;
  Doc data;  // a record, or null
  bool talks = false;
  std::map<std::string, Said> turns;  // of a caller, by the turn's name
  std::optional<Duration> lasts;      // of a call, until the caller hangs up
};

enum class ScriptedSide : uint8_t { channel, connector };

// Whom the performer asks what it was told. Called from the drive's thread.
class Playbook {
 public:
  virtual ~Playbook() = default;
  // The next answer; each is given once, the last again and again. nullopt: nothing was told.
  virtual std::optional<ScriptedAnswer> answer(const Key& run, ScriptedSide side,
                                               std::string_view name, std::string_view op) = 0;
  // The run that waits for this read.
  virtual Key run_of(const Key& customer, const Key& read) = 0;
  // What a read finds where nothing else was told; a record.
  virtual Doc found(const Read& read) = 0;
  // The turn at work in the conversation of this touch; nullptr: none is.
  virtual const Turn* turn_of(const Key& customer, const Key& touch) = 0;
};

// An operation that was done.
struct PerformedOperation {
  Key run;
  StepIndex step = kNoStep;
  std::string on, op;
  Doc data;
};

class ScriptedPerformer final : public Performer {
 public:
  ScriptedPerformer(const Clock& clock, Alarms& alarms, Inbox& inbox, Playbook& playbook)
      : clock_(clock), alarms_(alarms), inbox_(inbox), playbook_(playbook) {}

  void send(TouchOrder order) override;
  void look_up(TouchOrder order, std::vector<std::string> refs) override;
  void cancel(const Key&) override {}  // a scripted answer is on its way already
  void recall(TouchOrder, std::vector<std::string>) override {}  // it was delivered at once
  void read(Read read) override;
  void page(Page page) override;
  void compose(Compose question) override;
  void perform(Perform turn) override;
  void understand(Understand question) override;
  size_t open_operations() const override { return 0; }

  // What the touch said: a record {subject, text}; of a call the lines that were spoken.
  Doc rendered(const Key& touch) const;
  const std::vector<PerformedOperation>& operations() const { return operations_; }

 private:
  struct Call {
    Key customer;
    ScriptedAnswer caller;
    Instant free_at;  // when what is being said has been said
    bool over = false;
  };

  OperationResult answer_to(const TouchOrder& order);
  void begin_call(const TouchOrder& order, ScriptedAnswer caller);
  void end_call(const Key& touch, std::string_view word);
  HeardInput reply(const Call& call, const Perform& turn) const;
  void note_parts(const TouchOrder& order);
  void note_operation(const TouchOrder& order, const OperationResult& result);

  const Clock& clock_;
  Alarms& alarms_;
  Inbox& inbox_;
  Playbook& playbook_;
  std::map<Key, Call> calls_;                                    // by touch
  std::map<Key, std::pair<std::string, std::string>> rendered_;  // subject and text of a touch
  std::vector<PerformedOperation> operations_;
  std::set<Key> performed_;  // an operation that is asked for again under its key is done once
};

}  // namespace relance

// A call at the terminal: the engine runs the script as in any call (core/run/conversation.h), on a
// virtual clock and a store in memory; the terminal is the customer and her phone. Nothing leaves
// the machine.
//
// What is said is shown and her answers are asked for; a word comes from the bundle's own
// understanding plugins. Whoever sits there also tells what the world brings: a look-up's answer,
// a person who takes the call, an event that is waited for. Messages are delivered.
// Threads: one. Blocks: on the terminal.
#pragma once

#include "cli/talk_stage.h"
#include "cli/terminal.h"
#include "core/run/talk_state.h"
#include "node/generation.h"
#include "sim/flow_test_history.h"
#include "sim/virtual_drive.h"

namespace relance::cli {

class TalkCall final : private Performer, private Inbox {
 public:
  struct Setting {
    TalkStage stage;
    Doc event, customer;  // records: laid over what is made up
    Instant start;
  };
  struct Ending {
    std::string outcome, reason;    // of the step that calls
    Doc data;                       // a record
    std::string run;                // how the run ended; empty: it goes on
    std::vector<std::string> next;  // steps it goes on with
  };

  // Fails with every error of the bundle's plugins.
  static Result<std::unique_ptr<TalkCall>> make(Setting setting, PluginLibrary& library,
                                                Terminal& terminal, std::vector<Error>& errors);
  // Plays it to its end. Fails where the contact rules put the call off.
  Result<Ending> play();

 private:
  TalkCall(Setting setting, Terminal& terminal);
  Status open(PluginLibrary& library, std::vector<Error>& errors);
  Status begin();
  Result<EventInput> event_of(const std::string& type, DocView given, const Key& touch);
  Status refresh();
  const RunStory* story() const;
  const Touch* call() const;  // nullptr: nobody was called
  std::optional<TalkState> talk() const;
  Status let_time_pass();
  Status let_event_come(const Turn& turn);
  void show_progress();
  void hang_up(std::string_view word);
  void hear(HeardInput heard);
  Ending ending() const;

  // --- Performer
  void send(TouchOrder order) override;
  void look_up(TouchOrder, std::vector<std::string>) override {}
  void cancel(const Key&) override {}
  void recall(TouchOrder, std::vector<std::string>) override {}
  void compose(Compose) override {}  // a call says its script
  void read(Read read) override;
  void page(Page) override {}
  void perform(Perform turn) override;
  void understand(Understand question) override;
  size_t open_operations() const override { return 0; }
  // --- Inbox: what an understanding plugin answers, on its way to the engine
  void deliver(const Key& customer, Input input) override;
  void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
  void pace(std::string_view, Instant) override {}

  Setting setting_;
  Terminal& terminal_;
  VirtualClock clock_;
  VirtualDrive drive_;
  SystemProcess process_;  // secrets of understanding plugins
  std::unique_ptr<Net> net_ = make_no_net();
  std::unique_ptr<NodeCore> node_;
  std::unique_ptr<ActiveGeneration> generation_;
  std::unique_ptr<StoreReader> reader_;
  std::unique_ptr<FlowTestHistory> history_;
  Doc began_with_;  // data of the start event
  Key customer_, run_, touch_;
  bool over_ = false;           // the line is down
  size_t shown_ = 0;            // turns whose end was shown
  StepIndex waited_ = kNoStep;  // the `await` turn that was asked about
  int events_ = 0;
};

}  // namespace relance::cli

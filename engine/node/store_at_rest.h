// A store that no node drives: a person's command about one customer is decided and committed, and
// nothing else happens. What the decision asks for (slots, reads, operations) is part of what it
// writes, and the next start sets it going as after a crash.
//
// The rules are those of the store's last generation, made from its own sources. Policies work;
// every other plugin is described and makes no instance, so neither accounts nor files of the
// bundle are needed.
// Threads: one. Blocks: on the disk. Owns: the store, as its only writer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/address_book.h"
#include "node/generations.h"
#include "node/lost_sends.h"
#include "node/marks.h"
#include "node/pauses.h"

namespace relance {

struct AtRestOptions {
  std::string store;           // URL
  bool sandbox = false;        // as `run` had it
  bool virtual_clock = false;  // as `run` had it: it is then the store's last instant
};

class StoreAtRest {
 public:
  // Fails with the store's errors (store_in_use where another process writes to it), with
  // run_no_flow_version where it holds no bundle, with every error of its bundle or plugins; all
  // are in `errors`.
  static Result<std::unique_ptr<StoreAtRest>> open(const AtRestOptions& options,
                                                   PluginLibrary& library,
                                                   std::vector<Error>& errors);
  ~StoreAtRest();
  StoreAtRest(const StoreAtRest&) = delete;
  StoreAtRest& operator=(const StoreAtRest&) = delete;

  // Makes what the store holds of an earlier generation the next start's; 0: of the one before.
  // Its number. Fails as open(), with no_generation, with reload_strands_runs where runs would lose
  // their flow version, and as ActiveGeneration::make.
  static Result<uint64_t> roll_back(const AtRestOptions& options, PluginLibrary& library,
                                    uint64_t number, const Activation& who,
                                    std::vector<Error>& errors);

  // What was committed; no records: the command changed nothing. Fails with the store's errors;
  // then nothing was kept, or the message says that this is not known.
  Result<Entry> command(const Key& customer, const CommandInput& command);

  // --- pauses (node/pauses.h); what a resumed one held goes on with the next
  // start
  Result<std::vector<Pause>> pauses();
  Result<Pause> pause(const Pause& wanted);
  Result<ResumePreview> preview_resume(const Pause& pause);
  Status resume(const ResumeOrder& order);

  Store& store() { return *store_; }

 private:
  struct World;
  struct Known {
    Customer customer;
    Position last = 0;
  };
  StoreAtRest();
  Status take_over(const AtRestOptions& options);
  Status erase_again();
  Status make_rules(const AtRestOptions& options, PluginLibrary& library,
                    std::vector<Error>& errors);
  Status make_generation(const Generation& from, uint64_t number, const AtRestOptions& options,
                         PluginLibrary& library, std::vector<Error>& errors);
  Status strands_nobody();
  Status keep_generation(const Activation& who);
  Result<Known> load(const Key& customer);
  Key pauses_actor_key() const;
  Status commit(const Known& known, const Entry& entry);

  std::unique_ptr<World> world_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreReader> reader_;
  std::unique_ptr<Marks> marks_;
  LostSends lost_{""};
  AddressBook addresses_;
  std::unique_ptr<ActiveGeneration> generation_;
  Instant now_;
  Position next_ = 1;
};

}  // namespace relance

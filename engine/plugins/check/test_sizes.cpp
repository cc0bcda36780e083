// Sizes: of tables, and of everything that a plugin hands over.
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

constexpr uint32_t kMost = 4096;  // a size beyond it was never set

// Collects what is wrong.
class Sizes {
 public:
  template <class Struct>
  void of(uint32_t size, const std::string& name) {
    const bool right = size >= sizeof(Struct) && size <= kMost;
    if (!right && wrong_.empty())
      wrong_ = name + ".struct_size is " + std::to_string(size) + ", the contract's is " +
               std::to_string(sizeof(Struct));
  }
  template <class Struct>
  void table(const Struct* there, const std::string& name) {
    if (there) of<Struct>(there->struct_size, name);
  }
  const std::string& wrong() const { return wrong_; }

 private:
  std::string wrong_;
};

void check_tables(Bench& bench, Sizes& sizes) {
  const Mapped& plugin = bench.plugin();
  sizes.table(plugin.descriptor, "rl_plugin");
  sizes.table(plugin.channel, "rl_channel");
  sizes.table(plugin.conversation, "rl_conversation");
  sizes.table(plugin.inbound, "rl_inbound");
  sizes.table(plugin.connector, "rl_connector");
  sizes.table(plugin.policy, "rl_policy");
  sizes.table(plugin.generate, "rl_generate");
  if (const rl_channel_caps* caps = bench.channel_caps()) {
    sizes.table(caps, "rl_channel_caps");
    for (size_t i = 0; i < caps->words_count; ++i) sizes.table(caps->words[i], "rl_word");
  }
  if (const rl_connector_caps* caps = bench.connector_caps()) {
    sizes.table(caps, "rl_connector_caps");
    for (size_t i = 0; i < caps->operations_count; ++i)
      sizes.table(caps->operations[i], "rl_operation");
  }
}

std::string check_run(const Trial& trial) {
  Sizes sizes;
  for (const Completed& one : trial.seen.completed)
    sizes.of<rl_result>(one.struct_size, "rl_result");
  for (const SentRequest& one : trial.seen.requests) {
    if (one.mail)
      sizes.of<rl_mail>(one.struct_size, "rl_mail");
    else
      sizes.of<rl_http>(one.struct_size, "rl_http");
  }
  for (const Emitted& one : trial.seen.emitted) sizes.of<rl_event>(one.struct_size, "rl_event");
  for (const Answered& one : trial.seen.answered) sizes.of<rl_answer>(one.struct_size, "rl_answer");
  for (const HeardTurn& one : trial.seen.heard) sizes.of<rl_heard>(one.struct_size, "rl_heard");
  return sizes.wrong();
}

}  // namespace

Outcome test_sizes(Bench& bench) {
  Sizes sizes;
  check_tables(bench, sizes);
  if (!sizes.wrong().empty()) return failed(sizes.wrong());
  if (!bench.config_problem().empty()) return passed();
  const Outcome run = judge_trials(bench, check_run);
  return run.verdict == Verdict::failed ? run : passed();
}

}  // namespace relance::conformance

#include "core/customer/privacy.h"

#include <algorithm>
#include <iterator>

#include "core/gate/reason.h"
#include "core/run/advance.h"
#include "core/run/dispatch.h"
#include "core/run/profile.h"
#include "core/state/redact.h"

namespace relance {
namespace {

constexpr std::string_view kCommands[] = {"export",  "restrict",   "lift",
                                          "rectify", "supplement", "erase"};

std::vector<Key> runs_of(const Customer& customer) {
  std::vector<Key> runs;
  for (const Run& run : customer.runs) runs.push_back(run.id);
  return runs;
}

void note(Worker& worker, const CommandInput& command) {
  std::vector<Doc> names;
  for (const auto& [name, value] : command.data.view().items()) names.push_back(Doc::text(name));
  Doc detail;
  if (!names.empty()) detail = Doc::record({{"fields", Doc::list(names)}});
  worker.write(CommandTaken{command.command, command.author, std::move(detail)});
}

void limit(Worker& worker, const CommandInput& command, bool restricted) {
  const Box<Privacy>& privacy = worker.customer().privacy;
  if (privacy->erasing || privacy->restricted == restricted) return;
  note(worker, command);
  worker.write(PrivacyChanged{restricted, false});
  if (restricted) return;
  wake_held(worker, Reason::restricted);
  for (const Key& run : runs_of(worker.customer())) advance(worker, run);
}

// What the record says otherwise; empty: nothing.
Sealed corrected(Worker& worker, const Sealed& sealed, DocView data) {
  const DocView record = worker.open(sealed);
  std::vector<std::pair<std::string, Doc>> changed;
  for (const auto& [name, value] : data.items())
    if (const DocView told = record.find(name); !told.is_null() && !(told == value))
      changed.emplace_back(name, Doc(value));
  return changed.empty() ? Sealed{} : worker.seal(Doc::merged(record, Doc::record(changed)));
}

void correct_run(Worker& worker, const Key& id, DocView data) {
  const Run& run = *worker.customer().find_run(id);
  Sealed event = corrected(worker, run.event, data);
  Sealed latest = corrected(worker, run.latest, data);
  if (event.empty() && latest.empty()) return;
  if (event.empty()) event = run.event;
  worker.write(RunAmended{id, std::move(event), std::move(latest)});
}

void amend(Worker& worker, const CommandInput& command) {
  const Box<Privacy>& privacy = worker.customer().privacy;
  if (command.data.view().size() == 0 || privacy->erasing) return;
  const bool corrects = command.command == "rectify";
  const Doc before(worker.open(corrects ? privacy->corrected : privacy->added));
  const Sealed whole = worker.seal(Doc::merged(before, command.data));
  note(worker, command);
  worker.write(corrects ? Amended{whole, privacy->added} : Amended{privacy->corrected, whole});
  if (!worker.customer().profile.empty()) {
    const Doc profile(worker.profile());
    if (const Doc next = as_amended(worker, profile); next != profile)
      worker.write(ProfileRead{worker.seal(next)});
  }
  if (!corrects) return;
  for (const Key& run : runs_of(worker.customer())) correct_run(worker, run, command.data);
}

void erase(Worker& worker, const CommandInput& command) {
  const Customer& customer = worker.customer();
  if (customer.privacy->erasing) return;
  if (customer.subject.empty() && !customer.privacy->erased_at.is_never()) return;
  note(worker, command);
  worker.write(PrivacyChanged{customer.privacy->restricted, true});
  for (const Key& id : runs_of(customer)) {
    const Run* run = customer.find_run(id);
    if (!run) continue;  // the end of an earlier one took it along
    // Of a run that is held, nothing would be settled.
    if (run->held) worker.write(RunHeld{id, false, {}});
    end_run(worker, id, RunEnd::stopped, "erased");
    // Its flow is not there: nothing of it can be undone, but it is over.
    if (const Run* left = customer.find_run(id); left && left->live())
      worker.write(RunEnding{id, RunEnd::stopped, "erased", {}});
  }
}

// A record for the CRM that waits for its next attempt is not on the wire, and may wait for days.
bool on_the_wire(const Touch& touch) {
  const bool waits = touch.of_customer() && !touch.held->settle_at.is_never();
  return touch.open() && !waits;
}

}  // namespace

bool is_privacy_command(std::string_view command) {
  return std::ranges::find(kCommands, command) != std::end(kCommands);
}

void command_privacy(Worker& worker, const CommandInput& command) {
  const Customer& customer = worker.customer();
  if (customer.entries == 0) return;                // nobody knows him
  if (!customer.lookout->searches.empty()) return;  // a flow's own actor (customer/search.h)
  const std::string_view what = command.command;
  if (what == "export") return note(worker, command);
  if (what == "erase") return erase(worker, command);
  if (what == "restrict" || what == "lift") return limit(worker, command, what == "restrict");
  amend(worker, command);
}

bool is_echo(const Customer& customer, const EventInput& event) {
  const Privacy& privacy = customer.privacy.get();
  if (privacy.erasing) return true;
  if (privacy.erased_at.is_never()) return false;
  if (!event.touch) return event.time <= privacy.erased_at;
  const Touch* touch = customer.find_touch(event.touch);
  return !touch || touch->intended_at <= privacy.erased_at;
}

void finish_erasure(Worker& worker) {
  const Customer& customer = worker.customer();
  if (!customer.privacy->erasing) return;
  if (std::any_of(customer.touches.begin(), customer.touches.end(), on_the_wire)) return;
  worker.write(CustomerErased{customer.entries});
  redact(worker.decision().entry);
}

}  // namespace relance

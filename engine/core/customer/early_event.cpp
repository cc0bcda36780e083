#include "core/customer/early_event.h"

#include <algorithm>

namespace relance {
namespace {

// How much waits for this id by now.
void seek(Worker& worker, uint64_t reference) {
  SeekTouch sought{worker.customer().id, reference, 0, 0};
  for (const EarlyEvent& event : worker.customer().early.get()) {
    if (event.reference != reference) continue;
    ++sought.events;
    sought.bytes += event.data.bytes.size() + event.envelope.bytes.size();
  }
  worker.ask(sought);
}

void wait_no_more(Worker& worker, const EarlyEvent& event, const Key& touch) {
  const uint64_t reference = event.reference;
  worker.write(EventWaited{event.hash, touch});
  seek(worker, reference);
}

}  // namespace

std::string early_subject(std::string_view channel, std::string_view reference) {
  return "reference:" + std::string(channel) + ':' + std::string(reference);
}

void keep_early(Worker& worker, const EventInput& input) {
  EventTaken taken;
  taken.hash = input.hash;
  taken.type = input.type;
  taken.time = input.time;
  taken.envelope =
      worker.seal(Doc::record({{"id", Doc::text(input.id)}, {"source", Doc::text(input.source)}}));
  taken.data = worker.seal(input.data);
  worker.write(std::move(taken));
  worker.write(EventWaits{input.reference, worker.now() + kEarlyKept});
  seek(worker, input.reference);
}

void hand_on(Worker& worker, const TouchKnownInput& known) {
  for (const EarlyEvent& event : worker.customer().early.get()) {
    if (event.reference != known.reference) continue;
    const DocView envelope = worker.open(event.envelope);
    const auto text = [&](std::string_view field) {
      return std::string(envelope.find(field).text().value_or(""));
    };
    worker.ask(HandOn{worker.customer().id, event.hash, known.customer, known.touch, text("id"),
                      text("source"), event.type, event.time, Doc(worker.open(event.data))});
  }
}

void handed_on(Worker& worker, const HandedOnInput& input) {
  for (const EarlyEvent& event : worker.customer().early.get())
    if (event.hash == input.event) return wait_no_more(worker, EarlyEvent(event), input.touch);
}

void give_up_early(Worker& worker) {
  const std::vector<EarlyEvent> waiting = worker.customer().early.get();
  for (const EarlyEvent& event : waiting)
    if (event.until <= worker.now()) wait_no_more(worker, event, {});
}

void seek_again(Worker& worker) {
  std::vector<uint64_t> sought;  // mostly one: an actor waits for one id
  for (const EarlyEvent& event : worker.customer().early.get()) {
    if (std::find(sought.begin(), sought.end(), event.reference) != sought.end()) continue;
    sought.push_back(event.reference);
    seek(worker, event.reference);
  }
}

}  // namespace relance

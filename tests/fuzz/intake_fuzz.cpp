// Any HTTP request at all to the intake of events: events, or an error that says what is wrong.
#include <algorithm>
#include <cstring>

#include "net/request_reader.h"
#include "script/event_catalogue.h"
#include "serve/cloud_events.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace relance;
  RequestReader reader(16u << 10, 64u << 10);
  std::string_view sent(reinterpret_cast<const char*>(bytes), size);
  while (!sent.empty() && reader.state() < RequestReader::State::done) {
    const std::span<char> room = reader.room();
    const size_t count = std::min(room.size(), sent.size());
    std::memcpy(room.data(), sent.data(), count);
    sent.remove_prefix(count);
    reader.take(count);
  }
  if (reader.state() != RequestReader::State::done) return 0;
  const auto texts = cloud_events_of(reader.request());
  if (!texts) {
    RELANCE_ASSERT(!texts.error().message.empty());
    return 0;
  }
  RELANCE_ASSERT(texts->size() <= kMostEventsAtOnce);
  for (const std::string& text : *texts) {
    const auto parsed = parse_event(text, EventCatalogue::shipped(), "shop");
    RELANCE_ASSERT(parsed ? !parsed->event.id.empty() : !parsed.error().message.empty());
  }
  return 0;
}

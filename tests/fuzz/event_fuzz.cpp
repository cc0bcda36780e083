// Any bytes at all as an event line: an event or an error that names its place, never anything
// else.
#include <string_view>

#include "script/event_catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace relance;
  const std::string_view line(reinterpret_cast<const char*>(bytes), size);
  const Result<ParsedEvent> parsed = parse_event(line, EventCatalogue::shipped(), "shop");
  if (!parsed) {
    RELANCE_ASSERT(!parsed.error().message.empty());
    return 0;
  }
  RELANCE_ASSERT(!parsed->event.id.empty() && !parsed->event.subject.empty());
  RELANCE_ASSERT(Doc::from_bytes(parsed->event.data.bytes()).ok());
  // What was taken once is taken again, the same.
  const Result<Doc> again = type_event_data(parsed->event.type, parsed->event.data,
                                            EventCatalogue::shipped(), parsed->event.time);
  RELANCE_ASSERT(again.ok() && *again == parsed->event.data);
  return 0;
}

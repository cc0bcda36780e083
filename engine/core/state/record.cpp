#include "core/state/record.h"

#include "core/state/state_fields.h"

namespace relance {
namespace {

template <size_t I = 0>
bool read_record(size_t type, Unpacker& in, Record& record) {
  if constexpr (I < std::variant_size_v<Record>) {
    if (type != I) return read_record<I + 1>(type, in, record);
    in.get(record.emplace<I>());
    return in.ok();
  } else {
    return false;
  }
}

constexpr const char* kEntry = "an entry of the store cannot be read";

}  // namespace

Error unreadable(uint8_t form, const char* what) {
  if (form > 0 && form < kStoredForm)
    return {Code::store_version,
            "the store was written by a Relance from before its first release",
            {},
            "begin with a new store"};
  return {Code::store_corrupt, what, {}, "restore the newest good copy of the store"};
}

StepIndex RunMoved::to(StepIndex from) const {
  for (const StepMapped& step : steps)
    if (step.from == from) return step.to;
  return kNoStep;
}

std::string_view record_name(const Record& record) {
  static constexpr std::string_view names[] = {
      "customer_met", "event_taken",   "run_started",    "run_joined",      "run_not_started",
      "step_moved",   "step_ended",    "touch_judged",   "touch_intended",  "touch_settled",
      "profile_read", "run_ending",    "run_ended",      "consent_changed", "address_suppressed",
      "remembered",   "lease_changed", "decided",        "command_taken",   "trimmed",
      "base",         "run_held",      "event_kept",     "marker_changed",  "touch_answered",
      "watch_set",    "facts_kept",    "search_moved",   "event_waits",     "event_waited",
      "run_moved",    "pause_changed", "guard_counted",  "run_shifted",     "privacy_changed",
      "amended",      "run_amended",   "customer_erased"};
  static_assert(std::size(names) == std::variant_size_v<Record>);
  return names[record.index()];
}

void encode_entry(const Entry& entry, std::string& out) {
  Writer writer(out);
  writer.byte(kStoredForm);
  writer.instant(entry.at);
  writer.varint(entry.generation);
  Packer packer(out, entry.at);
  for (const Record& record : entry.records) {
    writer.byte(static_cast<uint8_t>(record.index()));
    std::visit([&](const auto& r) { packer.put(r); }, record);
  }
}

std::string encode_entry(const Entry& entry) {
  std::string out;
  encode_entry(entry, out);
  return out;
}

Result<Entry> decode_entry(std::string_view bytes) {
  Reader head(bytes);
  const uint8_t form = head.byte();
  if (form != kStoredForm) return unreadable(form, kEntry);
  Entry entry;
  entry.at = head.instant();
  entry.generation = head.varint();
  if (!head.ok()) return unreadable(form, kEntry);
  Unpacker in(head.rest(), entry.at);
  while (!in.at_end()) {
    const size_t type = in.reader().byte();
    if (!read_record(type, in, entry.records.emplace_back())) return unreadable(form, kEntry);
  }
  if (!in.ok()) return unreadable(form, kEntry);
  return entry;
}

}  // namespace relance

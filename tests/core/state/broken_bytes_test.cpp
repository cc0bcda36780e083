// Bytes of a broken disk: whatever they say, they are refused or read as something that can be
// worked with. Never a crash, an endless loop or a claim of memory far beyond what they are.
#include <cstdlib>
#include <new>

#include "core/state/apply.h"
#include "filled.h"

namespace {

size_t largest_claim = 0;

}  // namespace

// Every claim of memory in this program is noted; a sanitizer has its own operators.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(size_t size) {
  largest_claim = std::max(largest_claim, size);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

using namespace relance;
using namespace relance::test;

namespace {

constexpr size_t kMostClaimed = 1 << 20;

// Works with a customer as the engine and its reports do.
void use(Customer customer) {
  static_cast<void>(customer.next_due());
  static_cast<void>(customer.unfinished());
  size_t letters = 0;
  for (const Run& run : customer.runs) {
    letters += run_end_name(run.ending).size();
    for (const StepState& state : run.steps) letters += phase_name(state.phase).size();
  }
  for (const Touch& touch : customer.touches)
    letters += touch_state_name(touch.state).size() + delivery_class_name(touch.delivery).size() +
               purpose_name(touch.purpose).size();
  Filler filler;
  Entry entry = entry_of(every_record(&filler));
  std::erase_if(entry.records, [](const Record& r) { return std::holds_alternative<Base>(r); });
  apply_entry(customer, entry, "");
  CHECK(decode_snapshot(encode_snapshot(customer)).ok());
}

void use(const Entry& entry) {
  Customer customer = filled_customer();
  apply_entry(customer, entry, "");
  static_cast<void>(encode_entry(entry));
  static_cast<void>(customer.next_due());
  for (const Record& record : entry.records) {
    CHECK_FALSE(record_name(record).empty());
    if (const auto* end = std::get_if<RunEnding>(&record))
      CHECK_FALSE(run_end_name(end->how).empty());
    if (const auto* moved = std::get_if<StepMoved>(&record))
      CHECK_FALSE(phase_name(moved->state.phase).empty());
  }
}

template <class Decode>
void meets_every_break(const std::string& bytes, Decode decode) {
  largest_claim = 0;
  size_t refused = 0;
  const auto meets = [&](std::string_view broken) {
    if (const auto read = decode(broken))
      use(*read);
    else
      ++refused;
  };
  for (size_t length = 0; length < bytes.size(); ++length) meets({bytes.data(), length});
  std::string broken = bytes;
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {0x01, 0x02, 0x10, 0x40, 0x80, 0x7f, 0xff}) {
      broken[at] = static_cast<char>(bytes[at] ^ flip);
      meets(broken);
    }
    broken[at] = bytes[at];
  }
  CHECK(refused > bytes.size());
  CHECK(largest_claim < kMostClaimed);
}

}  // namespace

TEST_CASE("an entry with any byte missing or changed does no harm") {
  Filler filler;
  for (const Record& record : every_record(&filler))
    meets_every_break(encode_entry(entry_of({record, RunEnded{}})), decode_entry);
}

TEST_CASE("a snapshot with any byte missing or changed does no harm") {
  Customer customer = filled_customer();
  customer.runs.resize(1);
  customer.touches.resize(1);
  meets_every_break(encode_snapshot(customer), decode_snapshot);
}

TEST_CASE("a length that the bytes do not hold claims no memory for it") {
  std::string bytes = encode_entry(entry_of({}));
  bytes += static_cast<char>(2);     // a run began
  bytes += static_cast<char>(0x10);  // with its keys, nothing else
  Writer writer(bytes);
  writer.varint(uint64_t{1} << 40);
  largest_claim = 0;
  REQUIRE_FALSE(decode_entry(bytes).ok());
  CHECK(largest_claim < kMostClaimed);
}

TEST_CASE("a long list of large items claims no more than it holds") {
  Customer customer;
  customer.runs.resize(1);
  std::string bytes = encode_snapshot(customer);
  const size_t count_at = bytes.rfind('\x01');
  REQUIRE(count_at != std::string::npos);
  std::string lying = bytes.substr(0, count_at);
  Writer(lying).varint(100'000);
  lying.append(100'001, '\xff');  // each item malformed at once
  largest_claim = 0;
  REQUIRE_FALSE(decode_snapshot(lying).ok());
  CHECK(largest_claim < kMostClaimed);
}

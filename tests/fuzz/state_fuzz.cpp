// Any bytes that a store gives back as a customer's snapshot or as an entry: they are refused, or
// they are a customer like any other, whom every kind of input leaves whole.
//
// The first byte says what the rest is: its lowest bit 0 a snapshot; else an entry, applied to a
// customer who has lived for a while. Its next two bits say which quarter of the inputs comes.
#include <cstdint>

#include "fuzz/fuzz_shop.h"

using namespace relance;
using namespace relance::test;

namespace {

void require_whole(const Customer& customer) {
  const std::string bytes = encode_snapshot(customer);
  const Result<Customer> again = decode_snapshot(bytes);
  RELANCE_ASSERT(again.ok() && *again == customer);
  RELANCE_ASSERT(encode_snapshot(*again) == bytes);
}

// What is decided can be read again, and gives the same customer.
void decide_on(const Customer& before, const Input& input, Instant now) {
  Customer after = before;
  const std::string bytes = fuzz_decide(after, input, now);
  if (bytes.empty()) return;
  const Result<Entry> entry = decode_entry(bytes);
  RELANCE_ASSERT(entry.ok());
  Customer replayed = before;
  apply_entry(replayed, *entry, bytes);
  RELANCE_ASSERT(replayed == after);
  require_whole(after);
}

void decide_on_some(const Customer& customer, size_t quarter) {
  const Instant now = std::clamp(customer.last_at, kFuzzStart, kFuzzStart + days(3650));
  const std::vector<Input> inputs = fuzz_inputs(customer, now);
  for (size_t i = quarter; i < inputs.size(); i += 4) decide_on(customer, inputs[i], now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Life kLife;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Customer customer = kLife.customer;
  if ((data[0] & 1) == 0) {
    Result<Customer> stored = decode_snapshot(bytes);
    if (!stored.ok()) return 0;
    customer = std::move(*stored);
  } else {
    const Result<Entry> entry = decode_entry(bytes);
    if (!entry.ok()) return 0;
    RELANCE_ASSERT(decode_entry(encode_entry(*entry)).ok());
    apply_entry(customer, *entry, bytes);
  }
  require_whole(customer);
  decide_on_some(customer, data[0] >> 1 & 3);
  return 0;
}

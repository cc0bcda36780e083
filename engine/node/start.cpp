#include "node/start.h"

namespace relance {
namespace {

constexpr uint64_t kReserveBytes = 16u << 20;  // outcomes of all that can be under way, many times

}  // namespace

StoreFactory store_factory(const std::string& url, uint64_t seed, bool rehearsal) {
  return [url, seed, rehearsal] {
    StoreOptions options;
    options.installation_seed = std::to_string(seed);
    options.derive = entry_deriver();
    options.rehearsal = rehearsal;
    options.reserve_bytes = kReserveBytes;
    return open_store(url, std::move(options));
  };
}

}  // namespace relance

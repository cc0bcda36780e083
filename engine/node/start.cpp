#include "node/start.h"

namespace relance {
namespace {

// The right edges of what is appended and the pages of one commit's merges: those move on in key
// order, and come to no page again.
constexpr uint64_t kCacheBytes = 6u << 20;
constexpr uint64_t kReserveBytes = 16u << 20;  // outcomes of all that can be under way, many times

}  // namespace

StoreFactory store_factory(const std::string& url, uint64_t seed, bool rehearsal) {
  return [url, seed, rehearsal] {
    StoreOptions options;
    options.installation_seed = std::to_string(seed);
    options.derive = entry_deriver();
    options.redact = entry_redactor();
    options.rehearsal = rehearsal;
    options.cache_bytes = kCacheBytes;
    options.reserve_bytes = kReserveBytes;
    return open_store(url, std::move(options));
  };
}

}  // namespace relance

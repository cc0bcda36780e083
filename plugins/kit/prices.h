// What a segment or a minute costs, by the country of the number: the longest prefix that fits.
//
// Units: millionths of the currency unit. Configuration: {"default": 80000, "+48": 42000}.
#pragma once

#include <relance/plugin.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "kit/json.h"

// For the `properties` of a plugin's configuration schema.
#define KIT_PRICE_PROPERTIES                                    \
  R"("currency": {"type": "string", "pattern": "^[A-Z]{3}$"},)" \
  R"("prices": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}})"

namespace kit {

class Prices {
 public:
  // `currency`: where the configuration names none.
  explicit Prices(const Value* config, std::string_view currency = "USD")
      : currency_(text(config, "currency", currency)) {
    const Value* list = member(config, "prices");
    if (list == nullptr || !list->IsObject()) return;
    for (const auto& entry : list->GetObject()) {
      if (entry.value.IsInt64()) {
        micro_[std::string(view(entry.name))] = entry.value.GetInt64();
      }
    }
  }

  // Without a number: of the dearest country. 0: no price is known.
  int64_t of(std::string_view number) const {
    int64_t most = 0;
    for (const auto& [prefix, micro] : micro_) most = micro > most ? micro : most;
    if (number.empty()) return most;
    for (size_t length = number.size(); length > 0; --length) {
      const auto it = micro_.find(std::string(number.substr(0, length)));
      if (it != micro_.end()) return it->second;
    }
    const auto it = micro_.find("default");
    return it == micro_.end() ? most : it->second;
  }

  // So many segments or minutes; unknown where there are no prices.
  rl_cost cost(std::string_view number, int64_t units) const {
    rl_cost cost{};
    cost.quality = micro_.empty() ? uint32_t{RL_COST_UNKNOWN} : uint32_t{RL_COST_AT_MOST};
    cost.micro = of(number) * units;
    for (size_t i = 0; i < 3 && i < currency_.size(); ++i) cost.currency[i] = currency_[i];
    return cost;
  }

 private:
  std::string currency_;
  std::map<std::string, int64_t> micro_;
};

}  // namespace kit

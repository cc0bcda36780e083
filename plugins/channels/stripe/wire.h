// Requests to Stripe as this account makes them: its address, its key, its version.
#pragma once

#include <relance/host.h>

#include <string>
#include <string_view>

#include "settings.h"

namespace stripe {

class Wire {
 public:
  Wire(const rl_host* host, const Settings& settings) : host_(host), settings_(settings) {}

  // False: nothing was begun and no reply will come.
  bool get(rl_op op, uint64_t tag, const std::string& path) const;
  // A form. `effect`: this one charges. `key`: the idempotency key.
  bool post(rl_op op, uint64_t tag, const std::string& path, std::string_view body,
            std::string_view key, bool effect) const;

 private:
  bool ask(rl_op op, uint64_t tag, rl_http& request, const std::string& path) const;

  const rl_host* host_;
  const Settings& settings_;
};

}  // namespace stripe

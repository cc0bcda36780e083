// What a webhook leaves out, asked of the provider before the event is told: a rule may name one of
// the mapping's "fetches"
//
//   "invoice": {"method": "GET", "path": ["v1/invoices/", "/data/object/id", "?expand=..."],
//               "body": [...], "content_type": "application/json"}
//
// Parts that are paths or objects are read from the payload and percent-encoded; all others stand
// as they are. The answer becomes the payload's member "fetched". The document's "api" says where
// and as whom:
//
//   "api": {"url": "https://api.stripe.com", "auth": "bearer", "auth_name": "...",
//           "headers": {"stripe-version": "..."}}
//
// Threads: immutable.
#pragma once

#include <relance/host.h>

#include <string>
#include <utility>
#include <vector>

#include "sources/mapping/expression.h"

namespace sources {

class Api {
 public:
  // `configuration`: api_key (the name of a secret), api_url. Without a key nothing is ever asked.
  Api(const Value* api, const Value& configuration);

  bool is_there() const { return !secret_.empty() && !url_.empty(); }
  // Asks for what `fetch` says; false: nothing was begun.
  bool ask(const rl_host* host, rl_op op, const Value& fetch, const Scope& scope) const;

 private:
  std::string url_, secret_, auth_name_;
  uint32_t auth_ = RL_AUTH_BEARER;
  std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace sources

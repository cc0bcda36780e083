// relance.inbound/1 of both e-mail plugins: delivery reports, complaints and replies that a mailbox
// or a provider hands over, and the one-click unsubscription of RFC 8058.
//
// Who calls is known by one of: a callback URL that the host has signed; the path /TOKEN, where
// TOKEN is hex(HMAC-SHA-256(secret, "mailbox")); the header X-Relance-Signature, "sha256=" and
// hex(HMAC-SHA-256(secret, body)). The secret may be the current or the previous one.
#pragma once

#include <relance/inbound.h>

#include <string>

#include "notices.h"

namespace email {

class Mailbox {
 public:
  // `secret`: the name; empty: only callback URLs are taken.
  Mailbox(const rl_host* host, std::string secret) : host_(host), secret_(std::move(secret)) {}

  void on_request(rl_op op, const rl_request& request) const;

 private:
  bool is_known(const rl_request& request) const;
  void unsubscribe(rl_op op, const rl_request& request) const;
  int32_t emit(rl_op op, const Notice& notice, const rl_key& key) const;

  const rl_host* host_;
  std::string secret_;
};

}  // namespace email

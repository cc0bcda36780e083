// What a flow may ask of Stripe beside charging: where the customer pays, where she gives another
// card, how an invoice stands. Nothing here moves money, and asking twice is harmless.
//
//   payment_link      {"invoice_id"}                                -> {"url"}: the hosted page
//   card_update_link  {"invoice_id" | "payment_intent_id" | "stripe_customer"} -> {"url"}; it is
//                     good for minutes: ask when it is to be sent
//   read "invoice"    by id -> status, amount, attempts, next_attempt_at, payment_link, customer
//
// Threads: one call at a time.
#pragma once

#include <relance/connector.h>
#include <relance/host.h>

#include <string>
#include <string_view>
#include <unordered_map>

#include "settings.h"
#include "wire.h"

namespace stripe {

const rl_connector_caps* connector_caps();

class Links {
 public:
  Links(const rl_host* host, const Settings& settings) : host_(host), settings_(settings) {}

  void read(rl_op op, const rl_read& read);
  void write(rl_op op, const rl_write& write);
  // False: the operation is none of these.
  bool on_io(rl_op op, const rl_reply& reply);

 private:
  enum class Wish : uint8_t { read, payment_page, bill_of_card_update, card_update };
  struct Job {
    Wish wish = Wish::read;
    std::string key;
  };

  void open_portal(rl_op op, const Job& job, std::string_view customer);
  void answer(rl_op op, const Job& job, const rl_reply& reply);
  void finish(rl_op op, uint32_t status, std::string_view reason, std::string_view data = {},
              int64_t again_at = 0);

  const rl_host* host_;
  const Settings& settings_;
  Wire wire_{host_, settings_};
  std::unordered_map<rl_op, Job> jobs_;
};

}  // namespace stripe

// What a refused attempt means: the engine's table of decline codes, read for Stripe's codes.
//
// The table is the engine's own data file, built in; the order in which codes outrank each other is
// that of docs/reference/declines.md. Threads: any; the table is constant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kit/json.h"

namespace stripe {

// As Stripe gives them; empty: not told.
struct Codes {
  std::string raw;             // decline_code, else the error's code
  std::string network;         // the card's brand: "visa"
  std::string network_code;    // network_decline_code: "51"
  std::string network_advice;  // network_advice_code: "25"
  std::string advice;          // advice_code: "try_again_later"
};

// From an `error` of an answer, or a `last_payment_error`.
Codes codes_of_error(const kit::Value* error);
// From a charge that failed.
Codes codes_of_charge(const kit::Value* charge);

struct Verdict {
  std::string_view kind, action, decided_by;  // class of docs/reference/declines.md
  int wait_hours = 0;
  bool same_credential = true;
};

Verdict judge(const Codes& codes);

// Which outcome of a charge step this is: declined, refused, needs_customer, failed.
std::string_view word_of(const Verdict& verdict);

// {"provider": "stripe", "raw_code": ...}: the shape of the event field `decline`.
std::string decline_json(const Codes& codes, const Verdict& verdict, int64_t declined_at);

}  // namespace stripe

// What comes from Kannel by itself: reports of delivery, and messages of people.
//
// Kannel signs nothing. A report comes to the touch's own callback address, which the host has
// signed and checked; a message carries a token that only who knows the secret can make.
#pragma once

#include <relance/inbound.h>

#include <string_view>

#include "settings.h"

namespace kannel {

// What Kannel fills into the address to which it reports: kind, text and time of the report, and
// the number that its own log has.
inline constexpr std::string_view kReportFields = "d=%d&a=%A&t=%T&i=%I";
// 1 delivered, 2 not delivered, 16 rejected by the SMSC. That it waits there (4) or was taken (8)
// changes nothing for a flow.
inline constexpr std::string_view kReportMask = "19";

// Emits what the request tells, then answers it.
void take_request(const rl_host* host, const Settings& settings, rl_op op,
                  const rl_request& request);

}  // namespace kannel

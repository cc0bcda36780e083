// What smart_retry knows of networks and codes: data, not code. Networks change their numbers; a
// new number is a new row with its date, and the old row stays, so that an old decision can be
// explained.
//
// Source of everything here: the facts collected in November 2026 from the networks' and
// processors' published lists. [V] checked against the provider's own material, [S] secondary, [K]
// common knowledge; a row without a mark is product policy.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace smart_retry {

// At most `attempts` (all of them, whoever made them) in any `hours`. `margin` is how far below the
// network's own number we stop, because we do not see every attempt. Of rows with equal network,
// country and hours the latest that is in force counts. Network or country empty: any.
struct Ceiling {
  std::string_view effective_from;  // date
  std::string_view network, country;
  int attempts, margin;
  int64_t hours;
};
inline constexpr std::array kCeilings = {
    Ceiling{"2021-04-01", "visa", "", 15, 5, 30 * 24},         // [S] same card and amount
    Ceiling{"2025-05-25", "visa", "", 20, 5, 30 * 24},         // [S] raised from 15
    Ceiling{"2022-01-01", "mastercard", "", 10, 1, 24},        // [S] excessive authorisations
    Ceiling{"2022-01-01", "mastercard", "", 35, 5, 30 * 24},   // [S] same card, merchant, amount
    Ceiling{"2022-01-01", "mastercard", "BR", 7, 0, 30 * 24},  // [S] local rule, per month
    Ceiling{"2022-01-01", "elo", "BR", 15, 0, 30 * 24},        // [S] local rule, per month
    Ceiling{"2020-01-01", "ach", "", 3, 0, 180 * 24},          // [K] original and two presentments
    Ceiling{"2025-08-01", "upi", "IN", 4, 0, 30 * 24},         // [S] an execution and three retries
    Ceiling{"2020-01-01", "", "", 8, 0, 14 * 24},              // product: 8 tries within two weeks
};

// The network's code says: never again with this credential (Visa category 1). [S]
inline constexpr std::array<std::string_view, 9> kNeverCodes = {"04", "07", "12", "14", "15",
                                                                "41", "43", "46", "57"};
// The customer took the mandate back. [S] Visa R0 R1 R3, Adyen 26, Stripe's names
inline constexpr std::array<std::string_view, 6> kRevokedCodes = {
    "R0",
    "R1",
    "R3",
    "revocation_of_authorization",
    "revocation_of_all_authorizations",
    "stop_payment_order"};
inline constexpr std::string_view kAdviceRevoked = "21";  // Mastercard MAC [V/S]
inline constexpr std::array<std::string_view, 2> kAdviceNever = {"03", "99"};  // MAC [V/S]

// Mastercard MAC: wait so long after the decline. 24-30 [V/S]; 02: one processor's advice [S].
struct AdvisedWait {
  std::string_view advice;
  int64_t hours;
};
inline constexpr std::array kAdvisedWaits = {
    AdvisedWait{"02", 72}, AdvisedWait{"24", 1},   AdvisedWait{"25", 24},  AdvisedWait{"26", 48},
    AdvisedWait{"27", 96}, AdvisedWait{"28", 144}, AdvisedWait{"29", 192}, AdvisedWait{"30", 240},
};

// No money on the account: paydays matter. ISO 8583, Stripe, ACH, SEPA names. [V]/[S]
inline constexpr std::array<std::string_view, 7> kFundsCodes = {
    "51", "insufficient_funds", "R01", "R09", "AM04", "N3", "61"};
// A limit on count or amount: the next day clears it. [V]
inline constexpr std::array<std::string_view, 4> kLimitCodes = {
    "65", "N4", "card_velocity_exceeded", "withdrawal_count_limit_exceeded"};

// Hours from the try before (the first: from now), per try; then as the last.
// Product policy. A technical fault first asks at once, then after an hour, then after six.
inline constexpr std::array<int64_t, 3> kTechnicalHours = {0, 1, 6};
inline constexpr std::array<int64_t, 4> kFundsHours = {3 * 24, 3 * 24, 5 * 24, 7 * 24};
inline constexpr std::array<int64_t, 3> kVagueHours = {1 * 24, 3 * 24, 7 * 24};
inline constexpr std::array<int64_t, 3> kLimitHours = {1 * 24, 2 * 24, 4 * 24};
inline constexpr std::array<int64_t, 2> kIssuerHours = {3 * 24, 5 * 24};

inline constexpr int64_t kLeastGapHours = 24;  // between attempts, technical faults apart
inline constexpr int kIssuerTries = 2;  // where the customer should talk to the bank: few, spaced
inline constexpr int kPaydayFrom = 6 * 60;    // scheduled tries leave then, local time,
inline constexpr int kPaydayTo = 10 * 60;     // spread over it by invoice
inline constexpr int64_t kFarthestDays = 30;  // a moment beyond this is `never`

}  // namespace smart_retry

#include "decline.h"

#include <algorithm>
#include <array>

#include "kit/local_time.h"

namespace stripe {
namespace {

// The names of decline_codes.inc.
enum DeclineClass : uint8_t { soft, hard, customer_action, technical, fraud, config };
enum DeclineAction : uint8_t {  // from the mildest to the most restrictive
  retry_now,
  retry_scheduled,
  contact_issuer,
  request_data_fix,
  request_authentication,
  fix_integration,
  request_new_method,
  review_fraud,
  stop_and_respect,
};
constexpr std::string_view kClasses[] = {"soft",      "hard",  "customer_action",
                                         "technical", "fraud", "config"};
constexpr std::string_view kActions[] = {
    "retry_now",          "retry_scheduled",        "contact_issuer",
    "request_data_fix",   "request_authentication", "fix_integration",
    "request_new_method", "review_fraud",           "stop_and_respect"};

struct CodeRow {
  std::string_view table, code;
  DeclineClass kind;
  DeclineAction action;
  int visa_category = 0;
  std::string_view network = {};
  int wait_hours = 0;
};

#include "decline_codes.inc"

// Stripe's errors that ask for the customer without a decline code (Stripe, "Error codes").
constexpr std::string_view kAsksForCustomer[] = {"invoice_payment_intent_requires_action",
                                                 "payment_intent_authentication_failure",
                                                 "authentication_required"};
constexpr std::string_view kTooManyDeclines = "card_decline_rate_limit_exceeded";
constexpr int kTooManyDeclinesHours = 24;

const CodeRow* find_row(std::string_view table, std::string_view code, std::string_view network) {
  for (const CodeRow& row : kCodes) {
    const bool holds = row.network.empty() || row.network == network;
    if (holds && row.table == table && row.code == code) return &row;
  }
  return nullptr;
}

// "5" -> "05", "1a" -> "1A"
std::string network_code(std::string_view written) {
  std::string code(written.substr(0, written.find_first_of(" :")));
  if (code.size() == 1) code.insert(0, 1, '0');
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return code;
}

// The rows that the codes name; those missing are null.
struct Rows {
  std::array<const CodeRow*, 4> all{};  // Stripe's, the network's, its advice, Stripe's advice
  std::string_view network;

  bool is(size_t at, std::string_view code) const {
    return all[at] != nullptr && all[at]->code == code;
  }
  bool visa_category(int category) const {
    return network == "visa" && ((all[0] != nullptr && all[0]->visa_category == category) ||
                                 (all[1] != nullptr && all[1]->visa_category == category));
  }
  const CodeRow* strictest() const {
    const CodeRow* best = nullptr;
    for (const CodeRow* row : all) {
      if (row != nullptr && (best == nullptr || row->action > best->action)) best = row;
    }
    return best;
  }
  bool never_again() const {
    return visa_category(1) || is(2, "03") || is(2, "99") || is(3, "do_not_try_again");
  }
  bool data_must_change() const {
    return visa_category(3) || is(2, "01") || is(3, "confirm_card_data");
  }
};

Rows rows_of(const Codes& codes) {
  const std::string_view raw = std::string_view(codes.raw);
  return {{find_row("stripe", raw.substr(0, raw.find_first_of(" :")), codes.network),
           find_row("iso8583", network_code(codes.network_code), codes.network),
           find_row("mac", network_code(codes.network_advice), codes.network),
           find_row("advice", codes.advice, codes.network)},
          codes.network};
}

}  // namespace

Codes codes_of_error(const kit::Value* error) {
  Codes codes;
  codes.raw = kit::text(error, "decline_code", kit::text(error, "code"));
  if (std::find(std::begin(kAsksForCustomer), std::end(kAsksForCustomer), codes.raw) !=
      std::end(kAsksForCustomer)) {
    codes.raw = "authentication_required";
  }
  codes.network = kit::text(error, "payment_method.card.brand");
  codes.network_code = kit::text(error, "network_decline_code");
  codes.network_advice = kit::text(error, "network_advice_code");
  codes.advice = kit::text(error, "advice_code");
  return codes;
}

Codes codes_of_charge(const kit::Value* charge) {
  Codes codes;
  codes.raw = kit::text(charge, "outcome.reason", kit::text(charge, "failure_code"));
  codes.network = kit::text(charge, "payment_method_details.card.network",
                            kit::text(charge, "payment_method_details.card.brand"));
  codes.network_code = kit::text(charge, "outcome.network_decline_code");
  codes.network_advice = kit::text(charge, "outcome.network_advice_code");
  codes.advice = kit::text(charge, "outcome.advice_code");
  return codes;
}

Verdict judge(const Codes& codes) {
  const Rows rows = rows_of(codes);
  const CodeRow* strictest = rows.strictest();
  if (strictest == nullptr) {  // no reason to try again blindly: the bank is to be asked
    const int wait = codes.raw == kTooManyDeclines ? kTooManyDeclinesHours : 0;
    return {kClasses[soft], kActions[contact_issuer], "unknown_code", wait, true};
  }
  DeclineClass kind = strictest->kind;
  DeclineAction action = strictest->action;
  Verdict verdict{{}, {}, "code_table", 0, true};
  for (const CodeRow* row : rows.all) {
    if (row != nullptr) verdict.wait_hours = std::max(verdict.wait_hours, row->wait_hours);
  }
  if (action == stop_and_respect) {
    verdict.decided_by = "revocation";
  } else if (rows.never_again()) {
    verdict.decided_by = "never_approve";
    verdict.same_credential = false;
    const bool wrong_number = kind == hard && action == request_data_fix;
    if (action < fix_integration && !wrong_number) {
      kind = hard;
      action = request_new_method;
    }
  } else if (rows.data_must_change()) {
    verdict.decided_by = "data_first";
    verdict.same_credential = false;
    const bool confirms = rows.is(2, "01") && (rows.is(0, "83") || rows.is(1, "83"));
    action = confirms ? request_authentication : std::max(action, request_data_fix);
    if (confirms || kind == soft) kind = customer_action;
  } else if (verdict.wait_hours > 0 && action <= retry_scheduled) {
    verdict.decided_by = "wait";
    action = retry_scheduled;
  }
  if (action != fix_integration && action >= request_data_fix) verdict.same_credential = false;
  if (!verdict.same_credential) verdict.wait_hours = 0;
  verdict.kind = kClasses[kind];
  verdict.action = kActions[action];
  return verdict;
}

std::string_view word_of(const Verdict& verdict) {
  if (verdict.action == kActions[request_authentication]) return "needs_customer";
  if (verdict.action == kActions[fix_integration]) return "failed";
  return verdict.same_credential ? "declined" : "refused";
}

std::string decline_json(const Codes& codes, const Verdict& verdict, int64_t declined_at) {
  kit::Object decline;
  decline.text("provider", "stripe").text("raw_code", codes.raw);
  if (!codes.network.empty()) decline.text("network", codes.network);
  if (!codes.network_code.empty()) decline.text("network_decline_code", codes.network_code);
  if (!codes.network_advice.empty()) decline.text("network_advice_code", codes.network_advice);
  if (!codes.advice.empty()) decline.text("provider_advice", codes.advice);
  decline.text("class", verdict.kind).text("action", verdict.action);
  decline.boolean("retry_allowed_same_credential", verdict.same_credential);
  decline.text("decided_by", verdict.decided_by);
  decline.text("declined_at", kit::format_instant(declined_at));
  if (verdict.wait_hours > 0) {
    constexpr int64_t kHourMs = 3'600'000;
    decline.text("earliest_retry_at",
                 kit::format_instant(declined_at + verdict.wait_hours * kHourMs));
  }
  return decline.close();
}

}  // namespace stripe

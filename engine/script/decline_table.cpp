#include "script/decline_table.h"

#include <algorithm>
#include <array>
#include <map>

namespace relance {
namespace {

constexpr std::array<std::string_view, 6> kClasses = {"soft",      "hard",  "customer_action",
                                                      "technical", "fraud", "config"};
constexpr std::array<std::string_view, 9> kActions = {
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

using enum DeclineClass;
using enum DeclineAction;
#include "script/decline_codes.inc"

using CodeIndex = std::multimap<std::pair<std::string_view, std::string_view>, const CodeRow*>;

const CodeRow* find_code(std::string_view table, std::string_view code, std::string_view network) {
  static const CodeIndex index = [] {
    CodeIndex all;
    for (const CodeRow& row : kCodes) all.emplace(std::pair(row.table, row.code), &row);
    return all;
  }();
  const auto [begin, end] = index.equal_range({table, code});
  for (auto at = begin; at != end; ++at) {
    if (at->second->network.empty() || at->second->network == network) return at->second;
  }
  return nullptr;
}

// "51 : Insufficient funds" -> "51"; network codes are two characters, so "5" -> "05".
std::string leading_code(std::string_view written, bool two_characters) {
  std::string code(written.substr(0, written.find_first_of(" :")));
  if (two_characters && code.size() == 1) code.insert(0, 1, '0');
  return code;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Checkout.com's five digits mostly end in the ISO code. Its ranges place some final refusals among
// the soft ones, so the ISO table goes first.
const CodeRow* find_checkout(std::string_view code, std::string_view network) {
  if (code.size() != 5 || !digits_only(code)) return nullptr;
  const bool names_iso = code[2] == '0';
  const CodeRow* row = names_iso ? find_code("iso8583", code.substr(3), network) : nullptr;
  return row != nullptr ? row : find_code("checkout", code.substr(0, 2), network);
}

const CodeRow* find_raw(const DeclineCodes& codes) {
  const std::string code = leading_code(codes.raw_code, false);
  if (code.empty()) return nullptr;
  if (codes.provider == "adyen") return find_code("adyen", code, codes.network);
  if (codes.provider == "checkout") return find_checkout(code, codes.network);
  for (std::string_view table : {"stripe", "iso8583", "ach", "sepa"}) {
    const bool own_table = codes.provider == table;
    const bool lower_case = table == "stripe";
    const std::string written = lower_case ? code : upper(leading_code(code, table == "iso8583"));
    const CodeRow* row = find_code(table, written, codes.network);
    if (row != nullptr || own_table) return row;
  }
  return find_checkout(code, codes.network);
}

// The rows that the codes name; those missing are null.
struct Rows {
  const CodeRow* raw = nullptr;
  const CodeRow* network = nullptr;
  const CodeRow* mac = nullptr;
  const CodeRow* advice = nullptr;

  std::array<const CodeRow*, 4> all() const { return {raw, network, mac, advice}; }
  // The code tables outrank the advice where both ask for the same: they say why.
  const CodeRow* strictest() const {
    const CodeRow* best = nullptr;
    for (const CodeRow* row : all()) {
      if (row != nullptr && (best == nullptr || row->action > best->action)) best = row;
    }
    return best;
  }
  bool visa_category(int category, std::string_view of_network) const {
    const bool by_raw = raw != nullptr && raw->visa_category == category;
    const bool by_network = network != nullptr && network->visa_category == category;
    return of_network == "visa" && (by_raw || by_network);
  }
  bool mac_is(std::string_view code) const { return mac != nullptr && mac->code == code; }
  bool advice_is(std::string_view word) const { return advice != nullptr && advice->code == word; }
};

Rows find_rows(const DeclineCodes& codes) {
  Rows rows;
  rows.raw = find_raw(codes);
  const std::string network_code = upper(leading_code(codes.network_decline_code, true));
  rows.network = find_code("iso8583", network_code, codes.network);
  rows.mac = find_code("mac", leading_code(codes.network_advice_code, true), codes.network);
  rows.advice = find_code("advice", codes.provider_advice, codes.network);
  return rows;
}

bool never_again(const Rows& rows, const DeclineCodes& codes) {
  return rows.visa_category(1, codes.network) || rows.mac_is("03") || rows.mac_is("99") ||
         rows.advice_is("do_not_try_again");
}

bool data_must_change(const Rows& rows, const DeclineCodes& codes) {
  return rows.visa_category(3, codes.network) || rows.mac_is("01") ||
         rows.advice_is("confirm_card_data");
}

bool needs_other_credential(DeclineAction action) {
  return action != fix_integration && action >= request_data_fix;
}

bool is_code(const CodeRow* row, std::string_view code) {
  return row != nullptr && row->code == code;
}

template <size_t N>
bool index_of(const std::array<std::string_view, N>& names, std::string_view name, uint8_t& index) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return false;
  index = static_cast<uint8_t>(found - names.begin());
  return true;
}

}  // namespace

std::string_view decline_class_name(DeclineClass value) {
  return kClasses[static_cast<size_t>(value)];
}

bool decline_class_from(std::string_view name, DeclineClass& value) {
  uint8_t index = 0;
  if (!index_of(kClasses, name, index)) return false;
  value = static_cast<DeclineClass>(index);
  return true;
}

std::string_view decline_action_name(DeclineAction value) {
  return kActions[static_cast<size_t>(value)];
}

bool decline_action_from(std::string_view name, DeclineAction& value) {
  uint8_t index = 0;
  if (!index_of(kActions, name, index)) return false;
  value = static_cast<DeclineAction>(index);
  return true;
}

DeclineVerdict judge_decline(const DeclineCodes& codes) {
  const Rows rows = find_rows(codes);
  const CodeRow* strictest = rows.strictest();
  // An unknown code is no reason to try again blindly: the bank is to be asked.
  if (strictest == nullptr) return {soft, contact_issuer, {}, true, "unknown_code"};

  DeclineVerdict verdict{strictest->kind, strictest->action, {}, true, "code_table"};
  for (const CodeRow* row : rows.all()) {
    if (row != nullptr) verdict.wait = std::max(verdict.wait, hours(row->wait_hours));
  }
  const bool wrong_number = verdict.kind == hard && verdict.action == request_data_fix;
  if (verdict.action == stop_and_respect) {
    verdict.decided_by = "revocation";
  } else if (never_again(rows, codes)) {
    verdict.decided_by = "never_approve";
    verdict.same_credential = false;
    if (verdict.action < fix_integration && !wrong_number) {
      verdict.kind = hard;
      verdict.action = request_new_method;
    }
  } else if (data_must_change(rows, codes)) {
    verdict.decided_by = "data_first";
    verdict.same_credential = false;
    const bool confirms =
        rows.mac_is("01") && (is_code(rows.raw, "83") || is_code(rows.network, "83"));
    if (confirms) verdict.action = request_authentication;
    if (verdict.action < request_data_fix) verdict.action = request_data_fix;
    if (confirms || verdict.kind == soft) verdict.kind = customer_action;
  } else if (verdict.wait > Duration{} && verdict.action <= retry_scheduled) {
    verdict.decided_by = "wait";
    verdict.action = retry_scheduled;
  }
  if (needs_other_credential(verdict.action)) verdict.same_credential = false;
  if (!verdict.same_credential) verdict.wait = {};
  return verdict;
}

}  // namespace relance

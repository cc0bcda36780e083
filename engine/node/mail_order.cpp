#include "node/mail_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace relance {
namespace {

std::string about(const Input& input) {
  if (const auto* slot = std::get_if<SlotInput>(&input))
    return fmt::format("{}{:05}", slot->run.view(), slot->step);
  if (const auto* result = std::get_if<ResultInput>(&input))
    return std::string(result->touch.view());
  if (const auto* looked = std::get_if<LookUpInput>(&input))
    return std::string(looked->touch.view());
  if (const auto* read = std::get_if<ReadInput>(&input)) return std::string(read->operation.view());
  if (const auto* recalled = std::get_if<RecallInput>(&input))
    return std::string(recalled->touch.view());
  if (const auto* heard = std::get_if<HeardInput>(&input)) return std::string(heard->touch.view());
  if (const auto* meant = std::get_if<UnderstoodInput>(&input))
    return std::string(meant->touch.view());
  if (const auto* search = std::get_if<SearchInput>(&input)) return search->flow;
  if (const auto* found = std::get_if<FoundInput>(&input)) return found->flow;
  if (const auto* known = std::get_if<TouchKnownInput>(&input))
    return fmt::format("{:016x}", known->reference);
  if (const auto* handed = std::get_if<HandedOnInput>(&input))
    return fmt::format("{:016x}", handed->event);
  return {};
}

bool before(const Mail& a, const Mail& b) {
  if (a.customer != b.customer) return a.customer < b.customer;
  if (a.input.index() != b.input.index()) return a.input.index() < b.input.index();
  return !std::holds_alternative<EventInput>(a.input) && about(a.input) < about(b.input);
}

}  // namespace

void sort_mail(std::vector<Mail>& mail) {
  if (mail.size() > 1) std::stable_sort(mail.begin(), mail.end(), before);
}

}  // namespace relance

#include "core/customer/objection.h"

#include <algorithm>

#include "core/gate/gate.h"

namespace relance {
namespace {

constexpr std::string_view kStopped = "opted_out";  // the reason that a START lifts

std::string_view text_in(DocView data, std::string_view field) {
  return data.find(field).text().value_or("");
}

// "sms.replied" and the like too: an answer to a touch.
bool is_message(std::string_view type) {
  return type == "message.received" || type.ends_with(".replied");
}

uint64_t address_in(DocView data, const Touch* touch) {
  const std::string_view address = text_in(data, "address");
  if (address.empty()) return touch && touch->is_contact() ? touch->address : 0;
  const bool mailbox = address.find('@') != std::string_view::npos;
  return normalised_address(mailbox ? "email" : "sms", address).hash;
}

// "email.complained" about a touch: the word, where the contact rules say that it ends all contact.
std::string_view suppressing_word(const Worker& worker, const EventTaken& event) {
  const auto& words = worker.rules().contact().suppress_on;
  const std::string_view type = event.type;
  const std::string_view word = type.substr(type.find('.') + 1);
  return std::find(words.begin(), words.end(), word) == words.end() ? std::string_view() : word;
}

}  // namespace

Wish wish_in(const EventTaken& event, DocView data) {
  const std::string_view word = text_in(data, "word");  // the provider's own reading
  if (word == "opted_out") return Wish::stop;
  if (word == "opted_in") return Wish::start;
  if (!is_message(event.type)) return Wish::none;
  const std::string_view address = text_in(data, "address");
  return wish_of(text_in(data, "text"), address.starts_with('+') ? address : "");
}

void take_objection(Worker& worker, const EventTaken& event, DocView data) {
  const Touch* touch = event.touch ? worker.customer().find_touch(event.touch) : nullptr;
  if (const std::string_view word = suppressing_word(worker, event);
      touch && touch->is_contact() && touch->address && !word.empty())
    worker.write(AddressSuppressed{touch->address, std::string(word)});
  const Wish wish = wish_in(event, data);
  const uint64_t address = wish == Wish::none ? 0 : address_in(data, touch);
  if (!address) return;
  if (wish == Wish::stop) {
    worker.write(AddressSuppressed{address, std::string(kStopped)});
  } else if (worker.context().suppression.reason(address) == kStopped) {
    worker.write(AddressSuppressed{address, ""});
  }
}

}  // namespace relance

#include "core/customer/objection.h"

#include <algorithm>
#include <array>

#include "core/gate/gate.h"

namespace relance {
namespace {

constexpr std::string_view kStopped = "opted_out";  // the reason that a START lifts

constexpr std::array<std::string_view, 25> kStopWords = {
    "stop",      "stopall",   "unsubscribe", "cancel",  "end",    "quit",
    "revoke",    "optout",    "opt-out",     "opt out", "remove", "td",  // en
    "arret",     "arrêt",     "arrÊt",                                   // fr
    "rezygnuje", "rezygnuję", "rezygnujĘ",   "wypisz",                   // pl
    "abmelden",                                                          // de
    "baja",      "alto",                                                 // es
    "cancella",                                                          // it
    "sair",      "parar"};                                               // pt
constexpr std::array<std::string_view, 2> kStartWords = {"start", "unstop"};

std::string one_word(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  text = text.substr(from, text.find_last_not_of(" \t\r\n.!") - from + 1);
  std::string word(text);
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return word;
}

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

Wish wish_in(const EventTaken& event, DocView data) {
  const std::string_view word = text_in(data, "word");  // the provider's own reading
  if (word == "opted_out") return Wish::stop;
  if (word == "opted_in") return Wish::start;
  return is_message(event.type) ? wish_of(text_in(data, "text")) : Wish::none;
}

// "email.complained" about a touch: the word, where the contact rules say that it ends all contact.
std::string_view suppressing_word(const Worker& worker, const EventTaken& event) {
  const auto& words = worker.rules().contact().suppress_on;
  const std::string_view type = event.type;
  const std::string_view word = type.substr(type.find('.') + 1);
  return std::find(words.begin(), words.end(), word) == words.end() ? std::string_view() : word;
}

}  // namespace

Wish wish_of(std::string_view text) {
  const std::string word = one_word(text);
  if (std::find(kStopWords.begin(), kStopWords.end(), word) != kStopWords.end()) return Wish::stop;
  if (std::find(kStartWords.begin(), kStartWords.end(), word) != kStartWords.end())
    return Wish::start;
  return Wish::none;
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

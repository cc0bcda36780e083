#include <algorithm>

#include "base/id.h"
#include "core/gate/gate.h"

namespace relance {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 5321 in short, without quoted local parts: what providers deliver to. Other alphabets are let
// through.
bool is_plausible_mailbox(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const auto dots_are_right = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && part.back() != '.' &&
           part.find("..") == std::string_view::npos;
  };
  const auto has_any = [](std::string_view part, std::string_view of) {
    return part.find_first_of(of) != std::string_view::npos;
  };
  const auto is_printable = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 127; };
  const bool printable = std::all_of(text.begin(), text.end(), is_printable);
  return printable && dots_are_right(local) && dots_are_right(domain) &&
         domain.find('.') != std::string_view::npos && !has_any(local, "()<>,;:\\\"[]") &&
         !has_any(domain, "()<>,;:\\\"[]@_!#$%&'*+/=?^`{|}~") && domain.front() != '-' &&
         domain.back() != '-';
}

std::string lower_cased(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

// E.164: a country code, which never begins with 0, and at most 15 digits in all.
bool is_plausible_phone(std::string_view text) {
  return text.size() >= 1 + 7 && text.size() <= 1 + 15 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

// "+33 (0)6 12-34" is "+3361234": without what people write for the eye. 00 in front is the prefix
// of an international call.
std::string phone_digits(std::string_view text) {
  if (is_plausible_phone(text)) return std::string(text);
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "(0)") {
      i += 2;
    } else if (is_digit(text[i]) || (text[i] == '+' && digits.empty())) {
      digits += text[i];
    } else if (kSpace.find(text[i]) == std::string_view::npos &&
               std::string_view("-./()").find(text[i]) == std::string_view::npos) {
      return std::string(text);  // letters and the like: not a number, as the check will say
    }
  }
  if (digits.starts_with("00")) digits.replace(0, 2, "+");
  return digits;
}

bool is_phone_kind(std::string_view channel_kind) {
  return channel_kind == "sms" || channel_kind == "voice";
}

}  // namespace

bool needs_address(std::string_view channel_kind) {
  return channel_kind != "retry" && channel_kind != "webhook" && channel_kind != "desk";
}

AddressOf normalised_address(std::string_view channel_kind, std::string_view raw) {
  AddressOf address;
  const std::string_view text = trimmed(raw);
  if (text.empty()) return address;
  if (is_phone_kind(channel_kind)) {
    address.text = phone_digits(text);
    address.valid = is_plausible_phone(address.text);
  } else if (channel_kind == "email") {
    address.text = lower_cased(text);
    address.valid = is_plausible_mailbox(address.text);
  } else {
    address.text = text;
  }
  address.hash = derive_hash({"address", address.text});
  return address;
}

AddressOf address_of(std::string_view channel_kind, DocView profile) {
  if (!needs_address(channel_kind)) return {};
  const std::string_view field = is_phone_kind(channel_kind) ? "phone" : channel_kind;
  return normalised_address(channel_kind, profile.find(field).text().value_or(""));
}

ZoneGuess zone_of_profile(DocView profile, const Zone& bundle_zone) {
  const std::string_view zone = trimmed(profile.find("timezone").text().value_or(""));
  ZoneGuess told = guess_zone(zone, {}, bundle_zone);
  if (told.source == ZoneSource::profile) return told;
  std::string phone = phone_digits(trimmed(profile.find("phone").text().value_or("")));
  return is_plausible_phone(phone) ? guess_zone({}, phone, bundle_zone) : told;
}

}  // namespace relance

#include "sim/flow_test_customer.h"

#include <fmt/format.h>

namespace relance {
namespace {

constexpr const char* kBasis = "flow test";

std::string mailbox_of(const std::string& subject) {
  std::string local = subject.substr(0, 64);
  for (char& c : local)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  return local + "@example.com";
}

// A French mobile number of his own: addresses that are suppressed are so for one customer.
std::string phone_of(const std::string& subject) {
  return fmt::format("+336{:08}", derive_hash({"phone", subject}) % 100'000'000);
}

}  // namespace

Doc crm_record(DocView given, const std::string& subject, const std::vector<std::string>& needs,
               const Bundle& bundle) {
  const std::string zone(bundle.zone ? bundle.zone->name() : "UTC");
  std::map<std::string, Doc> fields{{"email", Doc::text(mailbox_of(subject))},
                                    {"phone", Doc::text(phone_of(subject))},
                                    {"timezone", Doc::text(zone)},
                                    {"locale", Doc::text(bundle.locale)},
                                    {"first_name", Doc::text("Alex")}};
  for (const std::string& field : needs) fields.try_emplace(field, Doc::text(field));
  for (const auto& [key, value] : given.items()) {
    const std::string name(key);
    if (name == "consents") continue;
    const bool none = value.boolean() == false && fields.contains(name);
    if (none)
      fields.erase(name);
    else
      fields[name] = Doc(value);
  }
  return Doc::record({fields.begin(), fields.end()});
}

Customer customer_with_consents(const Key& id, DocView consents, Instant at) {
  Customer customer;
  customer.id = id;
  if (consents.is_null()) {
    for (const Purpose purpose : {Purpose::service, Purpose::recovery, Purpose::marketing})
      customer.consents.push_back({"", purpose, true, at, kBasis});
    return customer;
  }
  for (const auto& [key, said] : consents.items()) {
    Consent consent;
    consent.channel = said.find("channel").text().value_or("");
    purpose_from(said.find("purpose").text().value_or(""), consent.purpose);
    consent.given = said.find("given").boolean().value_or(true);
    consent.at = at;
    consent.basis = kBasis;
    customer.consents.push_back(std::move(consent));
  }
  return customer;
}

}  // namespace relance

#include "core/run/profile.h"

#include <algorithm>

namespace relance {
namespace {

constexpr std::string_view kSource = "crm";  // where the record does not name its own
constexpr size_t kMostConsents = 64;         // three purposes over every channel, many times

// JSON has no instants: a CRM writes them as text.
std::optional<Instant> instant_in(DocView told) {
  if (const auto at = told.instant()) return at;
  const auto parsed = parse_instant(told.text().value_or(""));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

bool is_news(const Worker& worker, const Customer& customer, const Consent& told, bool dated) {
  for (const Consent& known : customer.consents) {
    if (known.channel != told.channel || known.purpose != told.purpose) continue;
    const bool differs = known.given != told.given || known.expires_at != told.expires_at;
    return dated ? told.at > known.at : differs;
  }
  return told.at <= worker.now();
}

void take_one(Worker& worker, DocView told) {
  Consent consent = consent_in(told);
  const auto at = instant_in(told.find("at"));
  consent.at = at.value_or(worker.now());
  consent.given = told.find("given").boolean().value_or(true);
  if (consent.source.empty()) consent.source = kSource;
  if (is_news(worker, worker.customer(), consent, at.has_value()))
    worker.write(ConsentChanged{std::move(consent)});
}

}  // namespace

Consent consent_in(DocView told) {
  const auto text = [&](std::string_view field) {
    return std::string(told.find(field).text().value_or(""));
  };
  Consent consent;
  consent.channel = text("channel");
  if (!purpose_from(text("purpose"), consent.purpose)) consent.purpose = Purpose::marketing;
  consent.basis = text("basis");
  consent.source = text("source");
  consent.text_version = text("text_version");
  consent.evidence = text("proof");
  if (const auto expires_at = instant_in(told.find("expires_at"))) consent.expires_at = *expires_at;
  return consent;
}

Doc completed(DocView record, DocView added) {
  std::vector<std::pair<std::string, Doc>> missing;
  for (const auto& [name, value] : added.items()) {
    const DocView told = record.find(name);
    if (told.is_null() || told.text() == "") missing.emplace_back(name, Doc(value));
  }
  return missing.empty() ? Doc(record) : Doc::merged(record, Doc::record(missing));
}

Doc as_amended(Worker& worker, const Doc& profile) {
  const Box<Privacy>& privacy = worker.customer().privacy;
  if (!privacy.there() || profile.is_null()) return profile;
  const Doc whole = completed(profile, worker.open(privacy->added));
  const DocView corrected = worker.open(privacy->corrected);
  return corrected.is_null() ? whole : Doc::merged(whole, corrected);
}

void take_profile(Worker& worker, const Doc& profile) {
  worker.write(ProfileRead{worker.seal(as_amended(worker, profile))});
  const DocView told = profile.view().find("consents");
  if (told.is_null()) return;
  Doc parsed;
  if (const auto text = told.text())
    if (auto json = from_json(*text)) parsed = std::move(*json);
  const DocView list = parsed.is_null() ? told : parsed.view();
  size_t taken = 0;
  for (const auto& [index, one] : list.items())
    if (one.type() == DocType::record && ++taken <= kMostConsents) take_one(worker, one);
}

}  // namespace relance

// What each customer allowed or withdrew, with where it comes from: what an authority asks for.
#include "admin/tally.h"

namespace relance {
namespace {

using Of = std::tuple<std::string, std::string, Purpose>;  // customer, channel

Of of(const ConsentRow& row) { return {row.subject, row.consent.channel, row.consent.purpose}; }

// The latest of the same channel and purpose; of two at one instant the withdrawal, as at the gate.
std::map<Of, const ConsentRow*> latest_of(const Casebook& book) {
  std::map<Of, const ConsentRow*> latest;
  for (const ConsentRow& row : book.consents) {
    const ConsentRow*& known = latest[of(row)];
    const Instant before = known ? known->consent.at : Instant::beginning();
    const bool withdrawn = row.consent.at == before && !row.consent.given;
    if (!known || row.consent.at > before || withdrawn) known = &row;
  }
  return latest;
}

std::string_view state_of(const ConsentRow& row, const ConsentRow* latest, Instant now) {
  if (&row != latest) return "replaced";
  if (!row.consent.given) return "withdrawn";
  return row.consent.expires_at <= now ? "expired" : "stands";
}

Figure or_none(std::string_view text) { return text.empty() ? none() : words(text); }

Sheet consents(const Casebook& book, Instant since) {
  Sheet sheet{"consents",
              {"customer", "channel", "purpose", "given", "at", "recorded_at", "expires_at",
               "basis", "source", "text_version", "proof", "state"},
              {}};
  const auto latest = latest_of(book);
  for (const ConsentRow& row : book.consents) {
    const Consent& told = row.consent;
    if (row.recorded_at < since) continue;
    const Figure expires = told.expires_at.is_never() ? none() : moment(told.expires_at);
    sheet.rows.push_back({words(row.subject), words(told.channel.empty() ? "any" : told.channel),
                          words(purpose_name(told.purpose)),
                          Figure{told.given ? "yes" : "no", Doc::boolean(told.given)},
                          moment(told.at), moment(row.recorded_at), expires, or_none(told.basis),
                          or_none(told.source), or_none(told.text_version), or_none(told.evidence),
                          words(state_of(row, latest.at(of(row)), book.to))});
  }
  return sheet;
}

}  // namespace

Report consents_report(const Casebook& book, Instant since) {
  return {"consents", since, book.to, {consents(book, since)}};
}

}  // namespace relance

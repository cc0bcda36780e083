// What the CRM told about the customer: his profile, and with it what he allowed.
#pragma once

#include "core/run/worker.h"

namespace relance {

// Writes the profile, and those of its `consents` that are news: a list, or its JSON as a text, of
// { channel, purpose, given, at, basis, source, text_version, proof, expires_at }. One that is not
// later than what is known of the same channel and purpose changes nothing; without `at` it counts
// from now, where it says something else than what is known.
void take_profile(Worker& worker, const Doc& profile);

// A record with the fields that it lacks, or has as an empty text, from another.
Doc completed(DocView record, DocView added);
// What the CRM tells, with what the customer had corrected and completed (customer/privacy.h).
Doc as_amended(Worker& worker, const Doc& profile);

// One consent as an event or a profile tells it; `at` is left to the caller.
Consent consent_in(DocView told);

}  // namespace relance

// The customer of a flow test: what the CRM says of him, and what he agreed to, where a test does
// not say it all.
//
// Pure. Threads: any.
#pragma once

#include "core/state/customer.h"
#include "script/bundle.h"

namespace relance {

// What `given` says, and made up from the subject and the bundle: email, phone, timezone, locale,
// first_name and what a fetch `needs`. A made-up field that is given as false is left out.
Doc crm_record(DocView given, const std::string& subject, const std::vector<std::string>& needs,
               const Bundle& bundle);

// A customer of whom nothing is known but his consents: a list of {channel, purpose, given}; null
// means all.
Customer customer_with_consents(const Key& id, DocView consents, Instant at);

}  // namespace relance

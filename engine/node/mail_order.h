// A canonical order of mail, for results that depend on no thread.
#pragma once

#include <vector>

#include "node/mail.h"

namespace relance {

// By customer, then by kind, then by what it is about; events of a customer keep the order in which
// they were accepted.
void sort_mail(std::vector<Mail>& mail);

}  // namespace relance

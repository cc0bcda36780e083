// Values as people of a language write them: "49,00 €" in French, "€49.00" in English, dates and
// instants in the customer's zone. The table knows some ten languages; any other gets forms that
// nobody misreads (49.00 EUR, 2026-01-05). Only characters of the GSM alphabet are used (no
// no-break space), so a price does not make an SMS twice as long. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/doc.h"

namespace relance {

// Empty for null, lists and records.
std::string format_value(DocView value, std::string_view locale, const Zone& zone);

std::string format_money(const Money& money, std::string_view locale);
std::string format_day(Date date, std::string_view locale);

}  // namespace relance

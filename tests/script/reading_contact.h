// Reading a contact.lua in a test.
#pragma once

#include "script/read_contact.h"
#include "script/reading.h"

namespace relance {

struct Contact {
  ContactRules rules;
  std::string problems;

  explicit Contact(std::string text) {
    Reading reading(Sheet::contact, "contact.lua", std::move(text));
    rules = read_contact(reading.value, reading.file,
                         {&EventCatalogue::shipped(), {"payment_recovery", "win_back"}},
                         reading.findings);
    problems = reading.problems();
  }
};

}  // namespace relance

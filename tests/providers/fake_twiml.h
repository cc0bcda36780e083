// TwiML as a caller's telephone network reads it: a list of verbs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace relance::twilio_fake {

struct Verb {
  std::string name;  // "Say", "Gather", ...
  std::string text;
  std::map<std::string, std::string> attributes;
  std::vector<Verb> inside;

  std::string attribute(const std::string& wanted) const {
    const auto it = attributes.find(wanted);
    return it == attributes.end() ? std::string() : it->second;
  }
};

// nullopt: it is no TwiML.
std::optional<std::vector<Verb>> read_twiml(const std::string& xml);

}  // namespace relance::twilio_fake

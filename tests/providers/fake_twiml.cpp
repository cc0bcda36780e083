#include "providers/fake_twiml.h"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

namespace relance::twilio_fake {
namespace {

using Tree = boost::property_tree::ptree;

std::vector<Verb> verbs_of(const Tree& tree) {
  std::vector<Verb> verbs;
  for (const auto& [name, inner] : tree) {
    if (name == "<xmlattr>" || name == "<xmlcomment>") continue;
    Verb verb;
    verb.name = name;
    verb.text = inner.data();
    if (const auto attributes = inner.get_child_optional("<xmlattr>"))
      for (const auto& [key, value] : *attributes) verb.attributes[key] = value.data();
    verb.inside = verbs_of(inner);
    verbs.push_back(std::move(verb));
  }
  return verbs;
}

}  // namespace

std::optional<std::vector<Verb>> read_twiml(const std::string& xml) {
  try {
    std::istringstream text(xml);
    Tree tree;
    boost::property_tree::read_xml(text, tree);
    const auto response = tree.get_child_optional("Response");
    if (!response || tree.size() != 1) return std::nullopt;
    return verbs_of(*response);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace relance::twilio_fake

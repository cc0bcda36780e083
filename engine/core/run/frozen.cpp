// What the profile says is a number: bit 0 the locale; then five bits, one more than the place of
// the field that holds the address (0: none does); then a bit for each field of the profile that a
// value of the template has the name and the content of.
//
// Both ways lie on the path of every touch: records are put together from views.
#include "core/run/frozen.h"

#include "base/doc_encoding.h"
#include "core/state/opened.h"

namespace relance {
namespace {

constexpr int kAddressAt = 1, kAddressBits = 5, kValuesAt = kAddressAt + kAddressBits;
constexpr int kMostFields = (1 << kAddressBits) - 1;  // of a profile: those behind are not seen
constexpr std::string_view kSaid = "profile";

using Fields = std::vector<doc_encoding::Field>;

Fields no_fields() {
  Fields fields;
  fields.reserve(8);  // one claim of memory for most
  return fields;
}

std::string record(Fields& fields) {
  std::string bytes;
  doc_encoding::put_record(bytes, fields);
  return bytes;
}

template <class Visit>
void each_field(DocView profile, Visit visit) {
  int place = 0;
  for (const auto& [name, value] : profile.items()) {
    if (place == kMostFields) return;
    visit(place++, name, value);
  }
}

int64_t bit(int at) { return int64_t{1} << at; }

// What the profile says of a whole frozen part; 0: nothing.
int64_t said_by(DocView profile, DocView whole) {
  int64_t said = 0, address = 0;
  const DocView to = whole.find("to"), values = whole.find("inputs").find("values");
  const DocView locale = whole.find("locale");
  each_field(profile, [&](int place, std::string_view name, DocView value) {
    if (value.is_null()) return;
    if (address == 0 && value == to) address = place + 1;
    if (name == "locale" && value == locale) said |= bit(0);
    if (value == values.find(name)) said |= bit(kValuesAt + place);
  });
  return said | address << kAddressAt;
}

// The values that the profile does not say.
std::string values_left(DocView values, DocView profile, int64_t said) {
  Fields left = no_fields();
  for (const auto& [name, value] : values.items()) left.push_back({name, value.bytes()});
  each_field(profile, [&](int place, std::string_view name, DocView) {
    if (said & bit(kValuesAt + place))
      std::erase_if(left, [&](const auto& one) { return one.key == name; });
  });
  return record(left);
}

std::string values_told(DocView values, DocView profile, int64_t said) {
  Fields told = no_fields();
  for (const auto& [name, value] : values.items()) told.push_back({name, value.bytes()});
  each_field(profile, [&](int place, std::string_view name, DocView value) {
    if (said & bit(kValuesAt + place)) told.push_back({name, value.bytes()});
  });
  return record(told);
}

// `inputs` with other values.
std::string inputs_with(DocView inputs, std::string_view values) {
  Fields fields = no_fields();
  for (const auto& [name, value] : inputs.items())
    fields.push_back({name, name == "values" ? values : value.bytes()});
  return record(fields);
}

bool says_values(int64_t said) { return said >> kValuesAt != 0; }
int64_t address_in(int64_t said) { return (said >> kAddressAt) % bit(kAddressBits); }

Doc taken(Fields& fields) { return Doc(DocView(record(fields))); }

}  // namespace

Doc left_to_profile(FrozenTouch whole, DocView profile) {
  const int64_t said = said_by(profile, whole);
  if (said == 0) return whole;
  const Doc number = Doc::integer(said);
  const DocView inputs = whole.view().find("inputs");
  std::string fewer;
  if (says_values(said))
    fewer = inputs_with(inputs, values_left(inputs.find("values"), profile, said));
  Fields fields = no_fields();
  fields.push_back({kSaid, number.bytes()});
  for (const auto& [name, value] : whole.view().items()) {
    const bool locale = name == "locale" && (said & bit(0)) != 0;
    if (locale || (name == "to" && address_in(said) != 0)) continue;
    fields.push_back({name, name == "inputs" && says_values(said) ? fewer : value.bytes()});
  }
  return taken(fields);
}

FrozenTouch whole_frozen(Doc kept, DocView profile) {
  const int64_t said = kept.view().find(kSaid).integer().value_or(0);
  if (said == 0) return kept;
  const DocView inputs = kept.view().find("inputs");
  std::string all;
  if (says_values(said))
    all = inputs_with(inputs, values_told(inputs.find("values"), profile, said));
  Fields fields = no_fields();
  for (const auto& [name, value] : kept.view().items())
    if (name != kSaid)
      fields.push_back({name, name == "inputs" && says_values(said) ? all : value.bytes()});
  each_field(profile, [&](int place, std::string_view name, DocView value) {
    if (place + 1 == address_in(said)) fields.push_back({"to", value.bytes()});
    if (name == "locale" && (said & bit(0)) != 0) fields.push_back({"locale", value.bytes()});
  });
  return taken(fields);
}

FrozenTouch frozen_of(const Customer& customer, const Touch& touch) {
  Doc kept = opened(customer.id, touch.held->frozen);
  if (kept.view().find(kSaid).is_null()) return kept;
  // A copy of a touch does not know that the profile has changed since.
  const Touch* now = customer.find_touch(touch.key);
  const Sealed& then = (now && now->open() ? now : &touch)->held->profile;
  return whole_frozen(std::move(kept), opened(customer.id, then.empty() ? customer.profile : then));
}

}  // namespace relance

// What the profile says is a number: bit 0 the locale; then five bits, one more than the place of
// the field that holds the address (0: none does); then a bit for each field of the profile that a
// value of the template has the name and the content of.
#include "core/run/frozen.h"

#include "core/state/opened.h"

namespace relance {
namespace {

constexpr int kAddressAt = 1, kAddressBits = 5, kValuesAt = kAddressAt + kAddressBits;
constexpr int kMostFields = (1 << kAddressBits) - 1;  // of a profile: those behind are not seen
constexpr std::string_view kSaid = "profile";

using Items = std::vector<std::pair<std::string, Doc>>;

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
  if (!locale.is_null() && locale == profile.find("locale")) said |= bit(0);
  each_field(profile, [&](int place, std::string_view name, DocView value) {
    if (value.is_null()) return;
    if (address == 0 && value == to) address = place + 1;
    if (value == values.find(name)) said |= bit(kValuesAt + place);
  });
  return said | address << kAddressAt;
}

// `inputs` with its values changed by `change`, which is given them.
template <class Change>
Doc with_values(DocView inputs, Change change) {
  Items fields;
  for (const auto& [name, value] : inputs.items())
    fields.emplace_back(name, name == "values" ? change(value) : Doc(value));
  return Doc::record(fields);
}

Doc without(DocView values, DocView profile, int64_t said) {
  Items left;
  for (const auto& [name, value] : values.items()) left.emplace_back(name, Doc(value));
  each_field(profile, [&](int place, std::string_view name, DocView) {
    if (said & bit(kValuesAt + place))
      std::erase_if(left, [&](const auto& one) { return one.first == name; });
  });
  return Doc::record(left);
}

Doc with(DocView values, DocView profile, int64_t said) {
  Items told;
  each_field(profile, [&](int place, std::string_view name, DocView value) {
    if (said & bit(kValuesAt + place)) told.emplace_back(name, Doc(value));
  });
  return Doc::merged(values, Doc::record(told));
}

}  // namespace

Doc left_to_profile(FrozenTouch whole, DocView profile) {
  const int64_t said = said_by(profile, whole);
  if (said == 0) return whole;
  Items fields{{std::string(kSaid), Doc::integer(said)}};
  for (const auto& [name, value] : whole.view().items()) {
    if (name == "locale" && (said & bit(0))) continue;
    if (name == "to" && (said >> kAddressAt) % bit(kAddressBits) != 0) continue;
    if (name == "inputs" && said >> kValuesAt != 0)
      fields.emplace_back(
          name, with_values(value, [&](DocView values) { return without(values, profile, said); }));
    else
      fields.emplace_back(name, Doc(value));
  }
  return Doc::record(fields);
}

FrozenTouch whole_frozen(Doc kept, DocView profile) {
  const int64_t said = kept.view().find(kSaid).integer().value_or(0);
  if (said == 0) return kept;
  const int64_t address = (said >> kAddressAt) % bit(kAddressBits);
  Items fields;
  for (const auto& [name, value] : kept.view().items()) {
    if (name == kSaid) continue;
    if (name == "inputs" && said >> kValuesAt != 0)
      fields.emplace_back(
          name, with_values(value, [&](DocView values) { return with(values, profile, said); }));
    else
      fields.emplace_back(name, Doc(value));
  }
  if (said & bit(0)) fields.emplace_back("locale", Doc(profile.find("locale")));
  each_field(profile, [&](int place, std::string_view, DocView value) {
    if (place + 1 == address) fields.emplace_back("to", Doc(value));
  });
  return Doc::record(fields);
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

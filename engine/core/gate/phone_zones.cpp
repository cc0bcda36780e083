#include "core/gate/phone_zones.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace relance {
namespace {

// A country whose mainland keeps several clocks: one zone a clock, then its other zones.
struct Country {
  std::string_view word, clocks, others;
};

constexpr std::array kCountries = std::to_array<Country>({
    {"US",
     "America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles "
     "America/Anchorage Pacific/Honolulu",
     "America/Detroit America/Indiana/Indianapolis America/Kentucky/Louisville America/Menominee "
     "America/Boise America/Juneau America/Nome America/Adak"},
    {"CA",
     "America/St_Johns America/Halifax America/Toronto America/Winnipeg America/Edmonton "
     "America/Vancouver",
     "America/Moncton America/Montreal America/Regina America/Whitehorse America/Iqaluit"},
    {"AU",
     "Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth",
     "Australia/Melbourne Australia/Hobart Australia/Canberra"},
    {"BR", "America/Sao_Paulo America/Manaus America/Rio_Branco",
     "America/Bahia America/Recife America/Fortaleza America/Belem America/Cuiaba "
     "America/Porto_Velho"},
    {"CD", "Africa/Kinshasa Africa/Lubumbashi", ""},
    {"CL", "America/Santiago America/Punta_Arenas", ""},
    {"ES", "Europe/Madrid Atlantic/Canary", "Africa/Ceuta"},
    {"ID", "Asia/Jakarta Asia/Makassar Asia/Jayapura", "Asia/Pontianak"},
    {"MN", "Asia/Ulaanbaatar Asia/Hovd", ""},
    {"MX",
     "America/Mexico_City America/Cancun America/Matamoros America/Ciudad_Juarez "
     "America/Hermosillo America/Tijuana",
     "America/Monterrey America/Merida America/Chihuahua America/Mazatlan"},
    {"PT", "Europe/Lisbon Atlantic/Azores", "Atlantic/Madeira"},
    {"RU",
     "Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk "
     "Asia/Krasnoyarsk Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka",
     "Europe/Volgograd Europe/Saratov Asia/Novosibirsk Asia/Chita Asia/Sakhalin"},
});

struct Row {
  std::string_view zones, code, prefixes;
};

constexpr std::array kRows = std::to_array<Row>({
#include "core/gate/phone_zones.inc"
});

constexpr size_t kLongestPrefix = 7;

// No prefix begins with 0, so a number stands for one text of digits.
uint32_t number_of(std::string_view digits, uint32_t value = 0) {
  for (const char digit : digits) value = value * 10 + static_cast<uint32_t>(digit - '0');
  return value;
}

class PhoneZones {
 public:
  using Zones = std::span<const Zone* const>;

  static const PhoneZones& get() {
    static const PhoneZones* table = new PhoneZones;
    return *table;
  }

  Zones by_prefix(uint32_t prefix) const {
    const auto found = std::lower_bound(prefixes_.begin(), prefixes_.end(), prefix,
                                        [](const Prefix& a, uint32_t b) { return a.number < b; });
    if (found == prefixes_.end() || found->number != prefix) return {};
    return Zones(pool_).subspan(found->first, found->count);
  }

  Zones by_zone(const Zone& zone) const {
    for (const Member& member : members_)
      if (member.zone == &zone) return Zones(pool_).subspan(member.first, member.count);
    return {};
  }

 private:
  struct Prefix {
    uint32_t number;
    size_t first, count;
  };
  struct Member {
    const Zone* zone;
    size_t first, count;
  };

  PhoneZones() {
    for (const Country& country : kCountries) {
      const size_t first = pool_.size();
      add_zones(country.clocks);
      const size_t count = pool_.size() - first;
      for (size_t i = 0; i < count; ++i) members_.push_back({pool_[first + i], first, count});
      for (std::string_view name : split(country.others, ' '))
        if (auto zone = Zone::find(name)) members_.push_back({*zone, first, count});
    }
    for (const Row& row : kRows) add_row(row);
    const auto by_number = [](const Prefix& a, const Prefix& b) { return a.number < b.number; };
    std::sort(prefixes_.begin(), prefixes_.end(), by_number);
    for (size_t i = 1; i < prefixes_.size(); ++i)
      RELANCE_ASSERT(prefixes_[i - 1].number != prefixes_[i].number);
  }

  void add_row(const Row& row) {
    const size_t first = pool_.size();
    add_zones(row.zones);
    const size_t count = pool_.size() - first;
    if (count == 0) return;
    const uint32_t code = number_of(row.code);
    for (std::string_view prefix : split(row.prefixes, ' '))
      prefixes_.push_back({number_of(prefix, code), first, count});
  }

  void add_zones(std::string_view names) {
    for (std::string_view name : split(names, ' ')) {
      const auto country = std::find_if(kCountries.begin(), kCountries.end(),
                                        [&](const Country& each) { return each.word == name; });
      if (country != kCountries.end()) {
        add_zones(country->clocks);
      } else if (auto zone = Zone::find(name)) {
        pool_.push_back(*zone);
      }
    }
  }

  std::vector<const Zone*> pool_;
  std::vector<Prefix> prefixes_;  // sorted
  std::vector<Member> members_;   // of countries with several clocks
};

}  // namespace

std::span<const Zone* const> zones_of_phone(std::string_view e164) {
  if (e164.size() < 2 || e164[0] != '+') return {};
  std::array<uint32_t, kLongestPrefix> prefixes{};
  size_t count = 0;
  for (uint32_t number = 0; count < kLongestPrefix && count + 1 < e164.size(); ++count) {
    const char digit = e164[count + 1];
    if (digit < '0' || digit > '9') break;
    prefixes[count] = number = number * 10 + static_cast<uint32_t>(digit - '0');
  }
  const PhoneZones& table = PhoneZones::get();
  while (count > 0)
    if (auto zones = table.by_prefix(prefixes[--count]); !zones.empty()) return zones;
  return {};
}

std::span<const Zone* const> zones_of_country(const Zone& zone) {
  return PhoneZones::get().by_zone(zone);
}

}  // namespace relance

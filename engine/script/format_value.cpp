#include "script/format_value.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace relance {
namespace {

// `money`: S the currency's sign, A the amount. `date`: d, m, y in digits, M the month's name.
struct Language {
  std::string_view code;
  char point = '.';
  std::string_view group;
  std::string_view money, date;
};

constexpr Language kLanguages[] = {
    {"en", '.', ",", "SA", "d M y"},  {"fr", ',', " ", "A S", "d/m/y"},
    {"de", ',', ".", "A S", "d.m.y"}, {"es", ',', ".", "A S", "d/m/y"},
    {"it", ',', ".", "A S", "d/m/y"}, {"nl", ',', ".", "S A", "d-m-y"},
    {"pt", ',', ".", "A S", "d/m/y"}, {"pl", ',', " ", "A S", "d.m.y"},
    {"sv", ',', " ", "A S", "y-m-d"}, {"cs", ',', " ", "A S", "d.m.y"},
};
constexpr Language kAny = {"", '.', "", "A S", "y-m-d"};

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

struct Sign {
  std::string_view currency, sign;
};
constexpr Sign kSigns[] = {{"EUR", "€"}, {"USD", "$"}, {"GBP", "£"}, {"JPY", "¥"}};

const Language& language_of(std::string_view locale) {
  const std::string_view base = locale.substr(0, locale.find_first_of("-_"));
  for (const Language& language : kLanguages) {
    if (language.code == base) return language;
  }
  return kAny;
}

std::string_view sign_of(const Currency& currency, const Language& language) {
  for (const Sign& sign : kSigns) {
    if (!language.code.empty() && sign.currency == currency.text()) return sign.sign;
  }
  return currency.text();
}

// "-1234.50" with the language's point and groups of three.
std::string localised(std::string_view digits, const Language& language) {
  const size_t point = digits.find('.');
  std::string whole(digits.substr(0, point));
  const size_t first = whole.starts_with('-') ? 1 : 0;
  for (size_t at = whole.size(); at > first + 3; at -= 3) whole.insert(at - 3, language.group);
  if (point == std::string_view::npos) return whole;
  return whole + language.point + std::string(digits.substr(point + 1));
}

std::string format_instant_local(Instant at, std::string_view locale, const Zone& zone) {
  const Local local = zone.local(at);
  const std::string clock = format_time_of_day({local.second_of_day / 60});
  const bool named_month = language_of(locale).date.find('M') != std::string_view::npos;
  return format_day(local.date, locale) + (named_month ? ", " : " ") + clock;
}

std::string format_number(double number, std::string_view locale) {
  std::string text = fmt::format("{}", number);
  const size_t point = text.find('.');
  if (point != std::string::npos) text[point] = language_of(locale).point;
  return text;
}

}  // namespace

std::string format_money(const Money& money, std::string_view locale) {
  const Language& language = language_of(locale);
  const std::string plain = money.text();
  const std::string amount = localised(plain.substr(0, plain.find(' ')), language);
  const std::string_view sign = sign_of(money.currency, language);
  // A code of three letters needs a blank where a sign does not.
  if (language.money == "SA" && sign == money.currency.text())
    return fmt::format("{} {}", sign, amount);
  if (language.money == "SA" && money.minor < 0)
    return fmt::format("-{}{}", sign, amount.substr(1));
  if (language.money == "SA") return fmt::format("{}{}", sign, amount);
  if (language.money == "S A") return fmt::format("{} {}", sign, amount);
  return fmt::format("{} {}", amount, sign);
}

std::string format_day(Date date, std::string_view locale) {
  const std::string iso = format_date(date);  // 2026-01-05
  const std::string_view year = std::string_view(iso).substr(0, 4);
  const std::string_view month = std::string_view(iso).substr(5, 2);
  const std::string_view day = std::string_view(iso).substr(8, 2);
  std::string out;
  for (char part : language_of(locale).date) {
    if (part == 'y') {
      out += year;
    } else if (part == 'm') {
      out += month;
    } else if (part == 'M') {
      out += kMonths[static_cast<size_t>((month[0] - '0') * 10 + month[1] - '1')];
    } else if (part == 'd') {
      const bool named_month = language_of(locale).date.find('M') != std::string_view::npos;
      out += named_month && day[0] == '0' ? day.substr(1) : day;
    } else {
      out += part;
    }
  }
  return out;
}

std::string format_value(DocView value, std::string_view locale, const Zone& zone) {
  switch (value.type()) {
    case DocType::boolean: return value.boolean().value_or(false) ? "true" : "false";
    case DocType::integer: return std::to_string(value.integer().value_or(0));
    case DocType::number: return format_number(value.number().value_or(0), locale);
    case DocType::text: return std::string(value.text().value_or(""));
    case DocType::money: return format_money(value.money().value_or(Money{}), locale);
    case DocType::instant:
      return format_instant_local(value.instant().value_or(Instant{}), locale, zone);
    case DocType::date: return format_day(value.date().value_or(Date{}), locale);
    case DocType::null:
    case DocType::list:
    case DocType::record:
    default: return {};
  }
}

}  // namespace relance

#include "kit/gsm.h"

#include <catch2/catch.hpp>

using kit::gsm::Encoding;
using kit::gsm::measure;

namespace {

std::string times(size_t count, const std::string& letter) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += letter;
  return text;
}

void check(const std::string& text, Encoding encoding, size_t units, size_t segments) {
  INFO(text);
  const auto size = measure(text);
  CHECK(size.encoding == encoding);
  CHECK(size.units == units);
  CHECK(size.segments == segments);
}

}  // namespace

TEST_CASE("a text is billed by the septets of the GSM alphabet") {
  check("", Encoding::gsm7, 0, 1);
  check(times(160, "a"), Encoding::gsm7, 160, 1);
  check(times(161, "a"), Encoding::gsm7, 161, 2);
  check(times(306, "a"), Encoding::gsm7, 306, 2);
  check(times(307, "a"), Encoding::gsm7, 307, 3);
  check("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà", Encoding::gsm7, 45, 1);
  check("\f^{}\\[~]|€", Encoding::gsm7, 20, 1);
  check(times(159, "a") + "€", Encoding::gsm7, 161, 2);
}

TEST_CASE("one letter outside the GSM alphabet makes all of it UCS-2") {
  check(times(70, "ł"), Encoding::ucs2, 70, 1);
  check(times(71, "ł"), Encoding::ucs2, 71, 2);
  check(times(35, "😀"), Encoding::ucs2, 70, 1);
  check(times(36, "😀"), Encoding::ucs2, 72, 2);
  for (const std::string letter : {"`", "ç", "ê", "ó", "“", "–", "\t"}) {
    check("a" + letter, Encoding::ucs2, 2, 1);
  }
  check("\xff", Encoding::ucs2, 1, 1);      // no UTF-8
  check("\xe2\x82", Encoding::ucs2, 2, 1);  // cut off
}

TEST_CASE("neither an escaped sign nor a surrogate pair is split over two segments") {
  // 152 letters and a sign of two septets: it opens the second segment.
  check(times(152, "a") + "€" + times(151, "a"), Encoding::gsm7, 305, 2);
  check(times(152, "a") + "€" + times(152, "a"), Encoding::gsm7, 306, 3);
  check(times(66, "ł") + "😀" + times(66, "ł"), Encoding::ucs2, 134, 3);
}

TEST_CASE("letters that have a near one in the GSM alphabet are replaced where that is wanted") {
  CHECK(kit::gsm::simplified("Zażółć gęślą jaźń") == "Zazolc gesla jazn");
  CHECK(kit::gsm::simplified("„so” – it’s…\u00a0done") == "\"so\" - it's... done");
  CHECK(kit::gsm::simplified("é € 😀") == "é € 😀");
}

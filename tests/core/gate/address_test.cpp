#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

std::string phone(std::string_view raw) {
  const AddressOf address = normalised_address("sms", raw);
  return address.valid ? address.text : "invalid";
}

std::string mailbox(std::string_view raw) {
  const AddressOf address = normalised_address("email", raw);
  return address.valid ? address.text : "invalid";
}

}  // namespace

TEST_CASE("a mailbox is trimmed and lower-cased") {
  CHECK(mailbox("  Ada.Lovelace@Example.COM\n") == "ada.lovelace@example.com");
  CHECK(mailbox("o'hara+shop@mail.example.co.uk") == "o'hara+shop@mail.example.co.uk");
  CHECK(mailbox("zoë@exämple.de") == "zoë@exämple.de");
}

TEST_CASE("a mailbox that cannot be right is told apart from none") {
  for (const char* wrong :
       {"ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "a da@example.com",
        "ada@.example.com", "ada@example..com", "ada.@example.com", "ada@-example.com",
        "ada@exam_ple.com", "Ada <ada@example.com>", "ada@example.com,bob@example.com"}) {
    INFO(wrong);
    CHECK(mailbox(wrong) == "invalid");
  }
  CHECK(mailbox(std::string(250, 'a') + "@example.com") == "invalid");
  CHECK(normalised_address("email", "   ").text.empty());
  CHECK(normalised_address("email", "").valid);
}

TEST_CASE("a number loses what people write for the eye") {
  CHECK(phone("+33 6 12 34 56 78") == "+33612345678");
  CHECK(phone("+44 (0)20 7946-0958") == "+442079460958");
  CHECK(phone("0049.30/901820") == "+4930901820");
  CHECK(phone("+1 (415) 555-0132") == "+14155550132");
}

TEST_CASE("a number without country code, or of wrong length, cannot be right") {
  for (const char* wrong : {"0612345678", "+0612345678", "+12345", "+1234567890123456",
                            "+33x612345678", "33612345678", "+", "call me", "++33612345678"}) {
    INFO(wrong);
    CHECK(phone(wrong) == "invalid");
  }
}

TEST_CASE("sms and voice reach the same address, other kinds their own field") {
  const Doc profile = Doc::record({{"email", Doc::text("Ada@example.com")},
                                   {"phone", Doc::text("+33 612345678")},
                                   {"pager", Doc::text(" 4711 ")}});
  CHECK(address_of("sms", profile).hash == address_of("voice", profile).hash);
  CHECK(address_of("sms", profile).hash == normalised_address("voice", "0033612345678").hash);
  CHECK(address_of("email", profile).hash != address_of("sms", profile).hash);
  CHECK(address_of("pager", profile).text == "4711");
  CHECK(address_of("webhook", profile).text.empty());
  CHECK(address_of("email", DocView()).text.empty());
}

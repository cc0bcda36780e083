#include <catch2/catch.hpp>

#include "channels/email/shared/mime_read.h"
#include "channels/email/shared/mime_write.h"

using namespace email;

namespace {

size_t longest_line(std::string_view text) {
  size_t longest = 0, length = 0;
  for (const char c : text) {
    length = c == '\n' ? 0 : length + (c == '\r' ? 0 : 1);
    longest = std::max(longest, length);
  }
  return longest;
}

}  // namespace

TEST_CASE("a header of ASCII stays as it is, any other is an encoded word") {
  CHECK(header("Subject", "Your order") == "Subject: Your order\r\n");
  CHECK(header("Subject", "Zażółć") == "Subject:\r\n =?UTF-8?B?WmHFvMOzxYLEhw==?=\r\n");
  // What looks like an encoded word must not be read as one.
  CHECK(header("Subject", "=?utf-8?Q?x?=").find("=?UTF-8?B?") != std::string::npos);
}

TEST_CASE("long headers are folded, no word ends inside a character, and all of it comes back") {
  const std::string text =
      GENERATE(std::string("one two three four five six seven eight nine ten eleven twelve "
                           "thirteen fourteen fifteen"),
               std::string("aż") + std::string(200, 'x') + "ółółółółółółółółółółółółółółółółół",
               std::string("🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"));
  const std::string line = header("Subject", text);
  CHECK(longest_line(line) <= 78);
  CHECK(read_entity(line + "\r\n").header("subject") == text);
}

TEST_CASE("a value cannot become another header") {
  CHECK(header("Subject", "Hello\r\nBcc: eve@example.com") ==
        "Subject: Hello  Bcc: eve@example.com\r\n");
  CHECK(plain_header("To", "a@b.c\nX: y") == "To: a@b.c X: y\r\n");
}

TEST_CASE("quoted text keeps lines short and comes back whole") {
  CHECK(quoted_printable("a=b\n") == "a=3Db\r\n");
  CHECK(quoted_printable("end of line \nnext") == "end of line=20\r\nnext\r\n");
  CHECK(quoted_printable("one\rtwo\r\nthree\n") == "one\r\ntwo\r\nthree\r\n");
  const std::string text = "żółw " + std::string(300, 'x') + " gęś\r\n";
  const std::string quoted = quoted_printable(text);
  CHECK(longest_line(quoted) <= 76);
  CHECK(decode_quoted(quoted) == text);
}

TEST_CASE("bytes in base64 lines come back whole") {
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += static_cast<char>(i);
  const std::string lines = base64_lines(bytes);
  CHECK(longest_line(lines) <= 76);
  CHECK(decode_base64(lines) == bytes);
}

TEST_CASE("a file keeps its name in any language") {
  const std::string whole =
      multipart("mixed", "=_k",
                {text_entity("text/plain", "see file"),
                 file_entity("application/pdf", "faktura żółta.pdf", "%PDF")});
  const Entity read = read_entity(whole);
  REQUIRE(read.parts.size() == 2);
  CHECK(read.parts[0].body == "see file\r\n");
  CHECK(read.parts[1].body == "%PDF");
  CHECK(read.parts[1].header("content-disposition").find("UTF-8''faktura%20%C5%BC") !=
        std::string::npos);
}

TEST_CASE("dates are those of RFC 5322") {
  CHECK(date(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(date(1'767'607'200'250) == "Mon, 05 Jan 2026 10:00:00 +0000");
  CHECK(date(1'709'164'799'000) == "Wed, 28 Feb 2024 23:59:59 +0000");
}

TEST_CASE("only what needs no quoting is a mailbox") {
  CHECK(is_mailbox("ann+tag@example.com"));
  for (const char* const wrong : {"", "ann", "@example.com", "ann@", "a@b@c", "a b@c.d", "a@b,c@d",
                                  "<a@b.c>", "\"a\"@b.c", "żółw@example.com", "a@b.c\r\n"}) {
    INFO(wrong);
    CHECK_FALSE(is_mailbox(wrong));
  }
}

TEST_CASE("encoded words of others are read in their charset") {
  CHECK(decode_words("=?iso-8859-1?Q?Gr=FC=DFe?= =?UTF-8?B?IMW8w7PFgnc=?= end") ==
        "Grüße żółw end");
  CHECK(decode_words("=?utf-8?Q?broken") == "=?utf-8?Q?broken");
  CHECK(decode_words("caf\xe9") == "caf\xef\xbf\xbd");
}

TEST_CASE("whatever is sent reads as something") {
  const std::string nested = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n";
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += nested;
  CHECK(read_entity(deep).type == "multipart/mixed");
  std::string wide = "Content-Type: multipart/mixed; boundary=a\n\n";
  for (int i = 0; i < 1000; ++i) wide += "--a\n\nx\n";
  CHECK(read_entity(wide).parts.size() <= 64);
  CHECK(read_entity("").headers.empty());
  CHECK(read_entity("no header at all").headers.empty());
  CHECK(read_entity("Content-Type: multipart/mixed; boundary=\"\n\nx").parts.empty());
  CHECK(read_entity("Content-Type: multipart/mixed; boundary").parts.empty());
}

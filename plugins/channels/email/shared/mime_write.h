// Writing mail: RFC 5322 headers, RFC 2047 words, RFC 2045 bodies. Pure: the same input gives the
// same bytes. Lines end with CRLF and are at most 78 columns; text is UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace email {

// "Subject: Gr=C3=BC..." as an encoded word where it must be, folded. Line breaks and control
// characters become spaces: a value never becomes another header.
std::string header(std::string_view name, std::string_view text);
// A header whose value is structured and ASCII already, taken as it is but for control characters.
std::string plain_header(std::string_view name, std::string_view value);
// "Ada <ada@example.com>"; without a name the address alone.
std::string mailbox(std::string_view name, std::string_view address);
// Can this be written into a header and an envelope as it is? One '@', ASCII, nothing to quote.
bool is_mailbox(std::string_view address);
// "Mon, 05 Jan 2026 10:00:00 +0000"
std::string date(int64_t at_ms);

// An entity: its headers, an empty line, its body.
std::string text_entity(std::string_view content_type, std::string_view text);
std::string file_entity(std::string_view content_type, std::string_view name,
                        std::string_view bytes);
std::string multipart(std::string_view kind, std::string_view boundary,
                      const std::vector<std::string>& entities);

// RFC 2045, 6.7; line breaks of any kind become CRLF.
std::string quoted_printable(std::string_view text);
// In lines of 76.
std::string base64_lines(std::string_view bytes);

}  // namespace email

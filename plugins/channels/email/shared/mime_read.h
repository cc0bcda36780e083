// Reading mail that others wrote: whatever they sent, it reads as something, in time linear in its
// length. Text comes out as valid UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace email {

struct Entity {
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, unfolded
  std::string type = "text/plain";                           // lower case, without parameters
  std::string body;           // its transfer encoding undone; of text/* its charset too
  std::vector<Entity> parts;  // of multipart/*, and the one of message/rfc822

  // Of the first with this name (in lower case), with encoded words decoded; empty: none.
  std::string header(std::string_view name) const;
  // The first entity of this type, itself first, then its parts in order; nullptr: none.
  const Entity* find(std::string_view wanted) const;
};

Entity read_entity(std::string_view message);

// "Name: value" lines up to the first empty one; what was read is taken off `text`.
std::vector<std::pair<std::string, std::string>> read_headers(std::string_view& text);

// "ada@example.com" of "Ada <ada@example.com>"; empty where there is none.
std::string address_in(std::string_view header);

std::string decode_words(std::string_view text);  // RFC 2047
std::string decode_base64(std::string_view text);
std::string decode_quoted(std::string_view text);
std::string to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace email

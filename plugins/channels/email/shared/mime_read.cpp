#include "mime_read.h"

#include <algorithm>
#include <cctype>

#include "kit/utf8.h"

namespace email {
namespace {

constexpr int kMostDepth = 6;
constexpr size_t kMostParts = 64;

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  return text;
}

// A line without its end, whether that is CRLF or LF; it is taken off `text`.
std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string raw_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

// boundary="x" of a Content-Type.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string all = lower(header);
  for (size_t at = all.find(';'); at != std::string::npos; at = all.find(';', at + 1)) {
    const size_t begin = all.find_first_not_of(" \t", at + 1);
    if (begin == std::string::npos || all.compare(begin, name.size(), name) != 0) continue;
    if (all[begin + name.size()] != '=') continue;
    std::string_view value = header.substr(begin + name.size() + 1);
    if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
    return std::string(trim(value.substr(0, value.find(';'))));
  }
  return {};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto letter = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

void read_into(Entity& entity, std::string_view message, int depth, size_t& parts);

void read_parts(Entity& entity, std::string_view body, const std::string& boundary, int depth,
                size_t& parts) {
  const std::string line = "--" + boundary;
  const char* begin = nullptr;  // of the part that is open
  while (!body.empty() && parts < kMostParts) {
    const char* const at = body.data();
    const std::string_view text = take_line(body);
    const bool border = text.starts_with(line);
    if (!border && !body.empty()) continue;
    if (begin != nullptr) {
      const char* const end = border ? at : body.data();
      ++parts;
      entity.parts.emplace_back();
      std::string_view part(begin, static_cast<size_t>(end - begin));
      // The line break before a border is the border's (RFC 2046, 5.1.1).
      if (border && part.ends_with('\n')) part.remove_suffix(part.ends_with("\r\n") ? 2 : 1);
      read_into(entity.parts.back(), part, depth + 1, parts);
    }
    begin = body.data();
    if (border && text.substr(line.size()).starts_with("--")) return;
  }
}

void read_into(Entity& entity, std::string_view message, int depth, size_t& parts) {
  entity.headers = read_headers(message);
  const std::string content = raw_header(entity.headers, "content-type");
  const std::string type = lower(trim(std::string_view(content).substr(0, content.find(';'))));
  if (!type.empty()) entity.type = type;
  const std::string encoding = lower(trim(raw_header(entity.headers, "content-transfer-encoding")));
  entity.body = encoding == "base64"             ? decode_base64(message)
                : encoding == "quoted-printable" ? decode_quoted(message)
                                                 : std::string(message);
  const std::string boundary = parameter(content, "boundary");
  if (entity.type.starts_with("multipart/") && !boundary.empty() && depth < kMostDepth) {
    read_parts(entity, entity.body, boundary, depth, parts);
  } else if (entity.type == "message/rfc822" && depth < kMostDepth) {
    entity.parts.emplace_back();
    read_into(entity.parts.back(), entity.body, depth + 1, parts);
  } else if (entity.type.starts_with("text/")) {
    entity.body = to_utf8(entity.body, parameter(content, "charset"));
  }
}

}  // namespace

std::string Entity::header(std::string_view name) const {
  return decode_words(raw_header(headers, name));
}

const Entity* Entity::find(std::string_view wanted) const {
  if (type == wanted) return this;
  for (const Entity& part : parts) {
    if (const Entity* found = part.find(wanted)) return found;
  }
  return nullptr;
}

Entity read_entity(std::string_view message) {
  Entity entity;
  size_t parts = 0;
  read_into(entity, message, 0, parts);
  return entity;
}

Headers read_headers(std::string_view& text) {
  Headers headers;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const bool more = line.front() == ' ' || line.front() == '\t';
    if (more && !headers.empty()) {
      if (!headers.back().second.empty()) headers.back().second += ' ';
      headers.back().second += trim(line);
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  }
  return headers;
}

std::string address_in(std::string_view header) {
  const size_t open = header.rfind('<');
  if (open != std::string_view::npos) {
    const size_t close = header.find('>', open);
    return std::string(trim(header.substr(open + 1, close - open - 1)));
  }
  const std::string_view bare = trim(header.substr(0, header.find(',')));
  const bool one = bare.find('@') != std::string_view::npos &&
                   bare.find_first_of(" \t") == std::string_view::npos;
  return one ? std::string(bare) : std::string();
}

// "=?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?utf-8?B?...?=": blanks between two words are not text.
std::string decode_words(std::string_view text) {
  std::string out;
  bool after_word = false;
  while (!text.empty()) {
    const size_t begin = text.find("=?");
    const std::string_view before = text.substr(0, begin);
    if (!after_word || !trim(before).empty() || begin == std::string_view::npos) out += before;
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const size_t charset = text.find('?', 2);
    const size_t data = charset == std::string_view::npos ? charset : text.find('?', charset + 1);
    const size_t end = data == std::string_view::npos ? data : text.find("?=", data + 1);
    if (end == std::string_view::npos) {
      out += text;
      break;
    }
    std::string bytes(text.substr(data + 1, end - data - 1));
    const std::string way = lower(text.substr(charset + 1, data - charset - 1));
    if (way == "q") std::replace(bytes.begin(), bytes.end(), '_', ' ');
    bytes = way == "b" ? decode_base64(bytes) : decode_quoted(bytes);
    out += to_utf8(bytes, text.substr(2, charset - 2));
    text.remove_prefix(end + 2);
    after_word = true;
  }
  return to_utf8(out, "utf-8");
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t value = kLetters.find(c);
    if (value == std::string_view::npos) continue;  // line breaks, padding, dirt
    group = (group << 6 | static_cast<uint32_t>(value)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 0xff);
  }
  return out;
}

std::string decode_quoted(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '=') {
      out += text[at];
      continue;
    }
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with("\r\n")) {
      at += 2;
    } else if (rest.starts_with("\n")) {
      at += 1;
    } else if (rest.size() >= 2 && hex_digit(rest[0]) >= 0 && hex_digit(rest[1]) >= 0) {
      out += static_cast<char>(hex_digit(rest[0]) * 16 + hex_digit(rest[1]));
      at += 2;
    } else {
      out += '=';
    }
  }
  return out;
}

// Western charsets read as Latin 1; of any other only what is UTF-8 remains.
std::string to_utf8(std::string_view bytes, std::string_view charset) {
  const std::string name = lower(charset);
  const bool latin = name == "iso-8859-1" || name == "iso-8859-15" || name == "windows-1252";
  if (!latin) return kit::as_utf8(bytes);
  std::string out;
  for (const char c : bytes) kit::add_letter(static_cast<unsigned char>(c), out);
  return out;
}

}  // namespace email

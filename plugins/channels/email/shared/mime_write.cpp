#include "mime_write.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "kit/digest.h"
#include "kit/form.h"

namespace email {
namespace {

constexpr size_t kLine = 76;
constexpr size_t kWordBytes = 45;  // 60 letters of base64 and 12 around them: at most 75

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Each word decodes by itself: none ends inside a character.
std::string encoded_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    size_t length = std::min(kWordBytes, text.size());
    while (length > 1 && length < text.size() && is_inside_character(text[length])) --length;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + kit::base64(text.substr(0, length)) + "?=";
    text.remove_prefix(length);
  }
  return words;
}

bool has_long_word(std::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    length = c == ' ' ? 0 : length + 1;
    if (length > 60) return true;
  }
  return false;
}

std::string folded(std::string line) {
  for (size_t begin = 0; line.size() - begin > kLine + 2;) {
    const size_t space = line.rfind(' ', begin + kLine);
    if (space == std::string::npos || space <= begin + 1) break;
    line.insert(space, "\r\n");
    begin = space + 2;
  }
  return line;
}

std::string with_crlf(std::string_view text) {
  std::string lines;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool two = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (two) continue;
    if (text[at] == '\n' || text[at] == '\r') {
      lines += "\r\n";
    } else {
      lines += text[at];
    }
  }
  return lines;
}

// Text that is mostly not ASCII is shorter in base64, which a quoted one would treble.
bool mostly_foreign(std::string_view text) {
  const auto foreign =
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; });
  return static_cast<size_t>(foreign) * 3 > text.size();
}

}  // namespace

std::string header(std::string_view name, std::string_view text) {
  const std::string line = one_line(text);
  const bool plain = is_ascii(line) && line.find("=?") == std::string::npos && !has_long_word(line);
  if (plain) return folded(std::string(name) + ": " + line) + "\r\n";
  return std::string(name) + ":\r\n " + encoded_words(line) + "\r\n";
}

std::string plain_header(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + one_line(value) + "\r\n";
}

std::string mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return std::string(address);
  const std::string line = one_line(name);
  const bool atoms = std::all_of(line.begin(), line.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == ' ' || c == '-' || c == '_');
  });
  const std::string word = atoms && line.size() < 50 ? line : encoded_words(line);
  return word + " <" + std::string(address) + ">";
}

bool is_mailbox(std::string_view address) {
  const size_t at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.size() > 254 || address.find('@', at + 1) != std::string_view::npos) return false;
  return std::all_of(address.begin(), address.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("<>()[],;:\\\"").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

std::string date(int64_t at_ms) {
  using std::chrono::days, std::chrono::floor, std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> at{milliseconds(at_ms)};
  const auto day = floor<days>(at);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss time(floor<std::chrono::seconds>(at - day));
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::string week_day(kDays.substr(std::chrono::weekday(day).c_encoding() * 3, 3));
  const std::string month(kMonths.substr((static_cast<unsigned>(ymd.month()) - 1) * 3, 3));
  char out[48];
  std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d +0000", week_day.c_str(),
                static_cast<unsigned>(ymd.day()), month.c_str(), static_cast<int>(ymd.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out;
}

std::string text_entity(std::string_view content_type, std::string_view text) {
  const bool base64 = mostly_foreign(text);
  return plain_header("Content-Type", std::string(content_type) + "; charset=utf-8") +
         plain_header("Content-Transfer-Encoding", base64 ? "base64" : "quoted-printable") +
         "\r\n" + (base64 ? base64_lines(with_crlf(text)) : quoted_printable(text));
}

std::string file_entity(std::string_view content_type, std::string_view name,
                        std::string_view bytes) {
  const std::string_view type = content_type.empty() ? "application/octet-stream" : content_type;
  // RFC 2231: the name in any language, and nothing in it can end the header.
  const std::string disposition =
      name.empty() ? "attachment" : "attachment;\r\n filename*=UTF-8''" + kit::percent_encode(name);
  return plain_header("Content-Type", type) + "Content-Disposition: " + disposition + "\r\n" +
         plain_header("Content-Transfer-Encoding", "base64") + "\r\n" + base64_lines(bytes);
}

std::string multipart(std::string_view kind, std::string_view boundary,
                      const std::vector<std::string>& entities) {
  const std::string line(boundary);
  std::string whole =
      "Content-Type: multipart/" + std::string(kind) + ";\r\n boundary=\"" + line + "\"\r\n\r\n";
  for (const std::string& entity : entities) whole += "--" + line + "\r\n" + entity + "\r\n";
  return whole + "--" + line + "--\r\n";
}

std::string quoted_printable(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const std::string lines = with_crlf(text);
  std::string out;
  size_t column = 0;
  for (size_t at = 0; at < lines.size(); ++at) {
    const auto c = static_cast<unsigned char>(lines[at]);
    if (c == '\r') {
      out += "\r\n";
      column = 0;
      ++at;
      continue;
    }
    const bool last = at + 1 == lines.size() || lines[at + 1] == '\r';
    const bool space = c == ' ' || c == '\t';
    const bool plain = (c > 0x20 && c < 0x7f && c != '=') || (space && !last);
    const size_t length = plain ? 1 : 3;
    if (column + length > kLine - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (plain) {
      out += lines[at];
    } else {
      out += {'=', kHex[c >> 4], kHex[c & 15u]};
    }
    column += length;
  }
  return column == 0 ? out : out + "\r\n";
}

std::string base64_lines(std::string_view bytes) {
  const std::string text = kit::base64(bytes);
  std::string lines;
  for (size_t at = 0; at < text.size(); at += kLine) lines += text.substr(at, kLine) + "\r\n";
  return lines;
}

}  // namespace email

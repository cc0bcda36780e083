/* A little JSON and URL text for plugins in plain C. Optional: no part of the contract, compiled
 * into the plugin, so that a vendor needs no library for a configuration of three fields.
 *
 *   rl_json_text(config, "url", self->url, sizeof self->url);
 *   rl_json_integer(reply->body, "error.code", 0);
 *
 * A path is names of members joined by dots. Texts need no final NUL; nothing is read behind their
 * end, whatever a provider sends. Nothing is allocated, nothing recurses. */
#ifndef RELANCE_SDK_TEXT_H
#define RELANCE_SDK_TEXT_H

#include <string.h>

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The room that rl_json_quote and rl_url_quote need for a text of so many bytes. */
#define RL_JSON_ROOM(len) (6 * (len) + 3)
#define RL_URL_ROOM(len) (3 * (len) + 1)

static inline const char* rl_text_space_(const char* at, const char* end) {
  while (at != end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
  return at;
}

/* Behind the string that begins at `at`; NULL: it has no end. */
static inline const char* rl_text_string_(const char* at, const char* end) {
  for (++at; at != end; ++at) {
    if (*at == '"') return at + 1;
    if (*at == '\\' && ++at == end) return NULL;
  }
  return NULL;
}

/* Behind the value that begins at `at`; NULL: it is none. */
static inline const char* rl_text_value_(const char* at, const char* end) {
  size_t depth = 0;
  do {
    const char* word;
    at = rl_text_space_(at, end);
    if (at == end) return NULL;
    if (*at == '"') {
      if ((at = rl_text_string_(at, end)) == NULL) return NULL;
    } else if (*at == '{' || *at == '[') {
      ++depth, ++at;
    } else if (*at == '}' || *at == ']') {
      if (depth == 0) return NULL;
      --depth, ++at;
    } else if (*at == ',' || *at == ':') {
      if (depth == 0) return NULL;
      ++at;
    } else {
      for (word = at; at != end && strchr(" \t\r\n,:{}[]\"", *at) == NULL;) ++at;
      if (at == word) return NULL;
    }
  } while (depth > 0);
  return at;
}

static inline rl_str rl_text_member_(rl_str json, const char* name, size_t len) {
  const rl_str none = {NULL, 0};
  const char *at, *end;
  if (json.ptr == NULL) return none;
  end = json.ptr + json.len;
  at = rl_text_space_(json.ptr, end);
  if (at == end || *at != '{') return none;
  do {
    rl_str found;
    const char* key = rl_text_space_(++at, end);
    size_t key_len;
    if (key == end || *key != '"' || (at = rl_text_string_(key, end)) == NULL) return none;
    key_len = (size_t)(at - key) - 2;
    at = rl_text_space_(at, end);
    if (at == end || *at != ':') return none;
    found.ptr = rl_text_space_(at + 1, end);
    if ((at = rl_text_value_(found.ptr, end)) == NULL) return none;
    found.len = (size_t)(at - found.ptr);
    if (key_len == len && memcmp(key + 1, name, len) == 0) return found;
    at = rl_text_space_(at, end);
  } while (at != end && *at == ',');
  return none;
}

/* The value at `path` as it stands there, a text with its quotes; ptr NULL: there is none. */
static inline rl_str rl_json_find(rl_str json, const char* path) {
  for (;;) {
    const char* dot = strchr(path, '.');
    json = rl_text_member_(json, path, dot == NULL ? strlen(path) : (size_t)(dot - path));
    if (json.ptr == NULL || dot == NULL) return json;
    path = dot + 1;
  }
}

/* Is it one whole object, and nothing behind it? (A provider's "200" may be a page of HTML.) */
static inline int rl_json_is_object(rl_str json) {
  const char *at, *end;
  if (json.ptr == NULL) return 0;
  end = json.ptr + json.len;
  at = rl_text_space_(json.ptr, end);
  if (at == end || *at != '{') return 0;
  at = rl_text_value_(at, end);
  return at != NULL && rl_text_space_(at, end) == end;
}

static inline int rl_text_hex_(const char* at, const char* end) {
  int value = 0, i;
  if (end - at < 4) return -1;
  for (i = 0; i < 4; ++i) {
    const char* digits = "0123456789abcdef0123456789ABCDEF";
    const char* digit = at[i] == '\0' ? NULL : strchr(digits, at[i]);
    if (digit == NULL) return -1;
    value = value * 16 + (int)(digit - digits) % 16;
  }
  return value;
}

static inline size_t rl_text_utf8_(int code, char* to) {
  if (code < 0x80) return to[0] = (char)code, 1;
  if (code < 0x800) return to[0] = (char)(0xc0 | code >> 6), to[1] = (char)(0x80 | (code & 63)), 2;
  if (code < 0x10000) {
    to[0] = (char)(0xe0 | code >> 12), to[1] = (char)(0x80 | (code >> 6 & 63));
    return to[2] = (char)(0x80 | (code & 63)), 3;
  }
  to[0] = (char)(0xf0 | code >> 18), to[1] = (char)(0x80 | (code >> 12 & 63));
  to[2] = (char)(0x80 | (code >> 6 & 63)), to[3] = (char)(0x80 | (code & 63));
  return 4;
}

/* One escape behind its backslash; moves `at` behind it. 0: it is none. */
static inline size_t rl_text_escape_(const char** at, const char* end, char* to) {
  const char* names = "\"\\/bfnrt";
  const char* name = strchr(names, **at);
  int code, low;
  if (**at == '\0') return 0;
  if (name != NULL) return to[0] = "\"\\/\b\f\n\r\t"[name - names], ++*at, 1;
  if (**at != 'u' || (code = rl_text_hex_(*at + 1, end)) < 0) return 0;
  *at += 5;
  if (code >= 0xd800 && code < 0xe000) {
    if (code >= 0xdc00 || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') return 0;
    low = rl_text_hex_(*at + 2, end);
    if (low < 0xdc00 || low > 0xdfff) return 0;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    *at += 6;
  }
  return rl_text_utf8_(code, to);
}

/* Copies the text at `path`, its escapes undone and a NUL behind it; returns its length. 0 and ""
 * where there is none, or more than fits into `room`. */
static inline size_t rl_json_text(rl_str json, const char* path, char* to, size_t room) {
  const rl_str value = rl_json_find(json, path);
  const char *at = value.ptr, *end;
  size_t len = 0;
  if (room == 0) return 0;
  to[0] = '\0';
  if (at == NULL || *at != '"') return 0;
  end = value.ptr + value.len - 1;
  for (++at; at != end;) {
    char bytes[4];
    size_t count = 1;
    if (*at != '\\') {
      bytes[0] = *at++;
    } else {
      ++at;
      if ((count = rl_text_escape_(&at, end, bytes)) == 0) return to[0] = '\0', 0;
    }
    if (len + count >= room) return to[0] = '\0', 0;
    memcpy(to + len, bytes, count);
    len += count;
  }
  to[len] = '\0';
  return len;
}

/* The whole number at `path`; `fallback` where there is none, or it is too great. */
static inline int64_t rl_json_integer(rl_str json, const char* path, int64_t fallback) {
  const rl_str value = rl_json_find(json, path);
  const size_t negative = value.len > 0 && *value.ptr == '-';
  int64_t number = 0;
  size_t i;
  if (value.len <= negative || value.len - negative > 18) return fallback;
  for (i = negative; i < value.len; ++i) {
    if (value.ptr[i] < '0' || value.ptr[i] > '9') return fallback;
    number = number * 10 + (value.ptr[i] - '0');
  }
  return negative ? -number : number;
}

/* 1 where `true` stands at `path`. */
static inline int rl_json_true(rl_str json, const char* path) {
  const rl_str value = rl_json_find(json, path);
  return value.len == 4 && memcmp(value.ptr, "true", 4) == 0;
}

/* Writes the text as JSON, with its quotes and a NUL behind it; returns its length. `to` has room
 * for RL_JSON_ROOM(text.len). */
static inline size_t rl_json_quote(rl_str text, char* to) {
  const char* hex = "0123456789abcdef";
  char* at = to;
  size_t i;
  *at++ = '"';
  for (i = 0; i < text.len; ++i) {
    const unsigned char c = (unsigned char)text.ptr[i];
    if (c == '"' || c == '\\') {
      *at++ = '\\', *at++ = (char)c;
    } else if (c < 0x20) {
      memcpy(at, "\\u00", 4);
      at[4] = hex[c >> 4], at[5] = hex[c & 15], at += 6;
    } else {
      *at++ = (char)c;
    }
  }
  *at++ = '"', *at = '\0';
  return (size_t)(at - to);
}

/* Writes the text as one segment of a URL's path or value of its query, percent-encoded, with a NUL
 * behind it; returns its length. `to` has room for RL_URL_ROOM(text.len). */
static inline size_t rl_url_quote(rl_str text, char* to) {
  const char* hex = "0123456789ABCDEF";
  char* at = to;
  size_t i;
  for (i = 0; i < text.len; ++i) {
    const unsigned char c = (unsigned char)text.ptr[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
        (c != 0 && strchr("-._~", c) != NULL)) {
      *at++ = (char)c;
    } else {
      *at++ = '%', *at++ = hex[c >> 4], *at++ = hex[c & 15];
    }
  }
  *at = '\0';
  return (size_t)(at - to);
}

#ifdef __cplusplus
}
#endif
#endif

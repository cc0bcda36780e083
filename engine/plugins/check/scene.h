// What only the vendor knows about his provider, for the kit: how it replies, what a touch needs,
// what its webhooks look like. All of it optional; a JSON file.
//
//   {"touch": {"address": "...", "data": {...}, "parts": [{"role", "content_type", "text"}]},
//    "replies": [{"method": "POST", "url": "/v1/charges", "status": 200, "headers": {...},
//                 "body": {...} or "text", "after": "/v1/tokens"}],
//    "requests": [{"method", "path", "query", "url", "headers": {...}, "body": {...} or "text"}],
//    "hmac_headers": {"x-signature": "t={{now_s}},v1={{hex}}"},
//    "only": ["relance.connector/1"]}
//
// `only`: the interfaces that this configuration is for, where the plugin has more.
// A reply serves requests of its method whose URL contains `url`, with `after` only once another
// URL that contains that was asked for; the first that fits is taken. Bodies of replies may name
// {{key}}, {{address}} and {{callback_url}} of the touch last begun. Requests are webhooks that the
// plugin accepts once they are signed; they are signed as `hmac_headers` say, with what the plugin
// itself asks hmac for.
// Threads: values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace relance::conformance {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct CannedReply {
  std::string method, url;  // which requests it serves; empty: any
  int status = 200;
  Headers headers;
  std::string body;
  uint32_t wire = 3;  // RL_ANSWERED
  std::string after;  // a part of a URL that was asked for before; empty: always
  int64_t delay_ms = 20;
  int times = 1;
  std::string problem;
};

struct CannedRequest {
  std::string method = "POST", path, query, url, body;
  Headers headers;
};

struct TouchPart {
  std::string role, content_type, bytes;
};

struct Scene {
  std::string address, customer, data;  // data: JSON, laid over the kit's own
  std::vector<TouchPart> parts;
  std::vector<CannedReply> replies;
  std::vector<CannedRequest> requests;
  Headers hmac_headers;
  std::vector<std::string> only;

  // `before`: the URLs that were asked for so far. nullptr: the scene has none.
  const CannedReply* reply_to(std::string_view method, std::string_view url,
                              const std::vector<std::string>& before) const;
};

// Fails with file_not_found, event_malformed (no JSON). An empty path gives an empty scene.
Result<Scene> read_scene(const std::string& path);

}  // namespace relance::conformance

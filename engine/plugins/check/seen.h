// What a plugin did to its host, as it came: completions, requests, events, answers, turns. Owns
// its texts.
#pragma once

#include <relance/channel.h>
#include <relance/conversation.h>
#include <relance/inbound.h>

#include <string>
#include <utility>
#include <vector>

namespace relance::conformance {

struct Completed {
  rl_op op = 0;
  uint32_t struct_size = 0, status = 0, again_scope = 0, reserved = 0;
  std::string word, reason, data;
  std::vector<std::string> refs;
  rl_cost cost{};
  int64_t again_at = 0, at = 0;
};

struct SentRequest {
  rl_op op = 0;
  uint64_t tag = 0;
  bool mail = false;
  uint32_t struct_size = 0, flags = 0, auth = 0, timeout_ms = 0;
  std::string method, url, body;  // of a mail: "MAIL", its URL, its message
  std::vector<std::pair<std::string, std::string>> headers;  // of a mail: from, to ...
  std::string secret, auth_name;
  std::vector<std::string> before;  // URLs of the instance's requests before it

  bool acts() const { return (flags & RL_EFFECT) != 0; }
  bool reads() const { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }
  // Everything the provider would see, to be compared.
  std::string whole() const;
};

struct Emitted {
  rl_op op = 0;
  uint32_t struct_size = 0, kind = 0;
  std::string id, ref, address, subject, word, type, data;
};

struct Answered {
  rl_op op = 0;
  uint32_t struct_size = 0;
  int status = 0;
  std::string body;
};

struct HeardTurn {
  rl_op call = 0;
  uint32_t struct_size = 0, kind = 0, turn = 0;
};

struct Seen {
  std::vector<Completed> completed;  // answers to on_request are in `answered`
  std::vector<SentRequest> requests;
  std::vector<Emitted> emitted;
  std::vector<Answered> answered;
  std::vector<HeardTurn> heard;
  std::vector<std::pair<rl_op, uint32_t>> effects;  // host->effect: operation, wire
  std::vector<std::string> services;                // the name of every service called, in order

  std::vector<const Completed*> of(rl_op op) const;
  // Times that this operation ended: by completion or by answer.
  size_t endings(rl_op op) const;
  std::vector<const SentRequest*> acting(rl_op op) const;  // requests with RL_EFFECT
};

}  // namespace relance::conformance

// A source: takes webhooks of one account of one provider, checks who sent them, and hands in the
// events that the provider's mapping makes of them.
//
//   401 signature missing, wrong or too old: nothing is read      405, 413 not a POST, too long
//   400 signed, and cannot be read                                 503 repeat it later
//   200 taken: an event was handed in, or there is none to tell
//
// Threads: the host calls one at a time. Fails: nothing is remembered between two webhooks but
// those that wait for an answer of the provider.
#pragma once

#include <unordered_map>

#include "sources/mapping/fetch.h"
#include "sources/mapping/mapping.h"
#include "sources/mapping/signature.h"

namespace sources {

class Source {
 public:
  // Over the mapping that the configuration's "format" names, else the plugin's first. Throws
  // std::invalid_argument: the configuration's own mapping is wrong, or the secret is not there.
  Source(const rl_host* host, std::string_view configuration);

  // A line for each mistake in the configuration's own mapping; without an instance.
  static std::string problems(std::string_view configuration);

  void on_request(rl_op op, const rl_request& request);
  void on_io(rl_op op, const rl_reply& reply);

 private:
  Source(const rl_host* host, const Value& configuration);

  // A webhook that is read.
  struct Webhook {
    std::string topic;
    rapidjson::Document payload;
    const Value* rule = nullptr;
  };
  bool may_pass(rl_op op, const rl_request& request);
  void read(rl_op op, const rl_request& request);
  void tell(rl_op op, Webhook& webhook, const rl_request* request);
  void answer(rl_op op, int32_t status, std::string_view text = "ok\n");
  // At most once a minute: who forges does it often.
  void warn(std::string_view text);

  const rl_host* host_;
  Mapping mapping_;
  Signature signature_;
  Api api_;
  std::unordered_map<rl_op, Webhook> waiting_;  // for an answer of the provider
  int64_t warned_at_ = 0;
  uint64_t unwarned_ = 0;
};

}  // namespace sources

#include "plugins/inbound_call.h"

#include <cstring>

#include "plugins/c_text.h"

namespace relance {
namespace {

InboundAnswer plain(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

}  // namespace

InboundCall::InboundCall(InboundRequest request, std::function<void(InboundAnswer)> answer)
    : request_(std::move(request)), answer_(std::move(answer)) {
  for (const auto& [name, value] : request_.headers)
    headers_.push_back({c_str(name), c_str(value)});
  c_.struct_size = sizeof c_;
  c_.method = c_str(request_.method);
  c_.path = c_str(request_.path);
  c_.query = c_str(request_.query);
  c_.url = c_str(request_.url);
  c_.headers = headers_.data();
  c_.headers_count = headers_.size();
  c_.body = c_str(request_.body);
  if (request_.key) std::memcpy(c_.key.bytes, request_.key.view().data(), sizeof c_.key.bytes);
}

void InboundCall::event_begun() {
  const std::lock_guard lock(mutex_);
  ++events_under_way_;
}

void InboundCall::event_over(EventFate fate) {
  std::optional<InboundAnswer> out;
  {
    const std::lock_guard lock(mutex_);
    --events_under_way_;
    worst_ = std::max(worst_, fate);
    out = ready();
  }
  if (out) answer_(std::move(*out));
}

void InboundCall::say(const rl_answer& answer) {
  const std::lock_guard lock(mutex_);
  if (!said_ && !over_) said_ = {answer.status, text(answer.content_type), text(answer.body)};
}

void InboundCall::ended() {
  std::optional<InboundAnswer> out;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    out = ready();
  }
  if (out) answer_(std::move(*out));
}

// A sender who gets anything but 2xx repeats it: right where nothing was kept yet.
std::optional<InboundAnswer> InboundCall::ready() {
  if (!over_ || events_under_way_ > 0 || answered_) return std::nullopt;
  answered_ = true;
  if (!said_) return plain(504, "the plugin did not answer\n");
  const bool accepts = said_->status < 300;
  switch (worst_) {
    case EventFate::kept: return said_;
    case EventFate::nobody:
      return accepts ? plain(503, "it is about nothing that is known yet: repeat it later\n")
                     : said_;
    case EventFate::malformed:
      return accepts ? plain(422, "an event in it is not in the catalogue\n") : said_;
    case EventFate::refused: return plain(503, "nothing is taken now: repeat it later\n");
  }
  return said_;
}

}  // namespace relance

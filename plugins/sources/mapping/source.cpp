#include "sources/mapping/source.h"

#include <stdexcept>

#include "kit/inbound.h"
#include "kit/key.h"
#include "sources/mapping/documents.h"

namespace sources {
namespace {

constexpr size_t kMostBytes = 1u << 20;
constexpr size_t kMostPings = 64;
constexpr size_t kMostBytesOfData = 200u << 10;  // of an event: the engine takes 256 KiB in all
constexpr size_t kMostBytesOfName = 1024;        // of an id or a subject
constexpr int64_t kQuietMs = 60'000;

// Bad bytes, endless nesting and a second value behind the first all fail.
bool parse(std::string_view text, rapidjson::Document& into) {
  into.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
             rapidjson::kParseFullPrecisionFlag>(text.data(), text.size());
  return !into.HasParseError() && into.IsObject();
}

// The first greeting of some providers, which they do not sign: "webhook_id=17".
bool is_ping(const Value* ping, std::string_view body) {
  if (ping == nullptr || body.size() > kMostPings) return false;
  const std::string_view begins = kit::view(*ping);
  return body.starts_with(begins) && body.size() > begins.size() &&
         body.find_first_not_of("0123456789", begins.size()) == std::string_view::npos;
}

std::string_view document(std::string_view name) {
  for (size_t i = 0; i < kDocumentsCount; ++i)
    if (kDocuments[i].name == name) return kDocuments[i].text;
  return kDocuments[0].text;
}

}  // namespace

Source::Source(const rl_host* host, std::string_view configuration)
    : Source(host, *kit::Json(configuration).root()) {}

Source::Source(const rl_host* host, const Value& configuration)
    : host_(host),
      mapping_(document(kit::text(&configuration, "format")), configuration),
      signature_(mapping_.part("signature"), kit::text(&configuration, "signing_secret"),
                 kit::integer(&configuration, "replay_window", 300'000)),
      api_(mapping_.part("api"), configuration) {
  if (!mapping_.problems().empty()) throw std::invalid_argument(mapping_.problems());
  if (!signature_.has_secret(host))
    throw std::invalid_argument("'signing_secret' names no secret: write secret \"NAME\"");
}

std::string Source::problems(std::string_view configuration) {
  const kit::Json json(configuration);
  return Mapping(document(kit::text(json.root(), "format")), *json.root()).problems();
}

void Source::on_request(rl_op op, const rl_request& request) {
  if (kit::view(request.method) != "POST") return answer(op, 405, "webhooks are posted\n");
  if (request.body.len > kMostBytes) return answer(op, 413, "more than 1 MiB\n");
  if (is_ping(mapping_.part("ping"), kit::view(request.body))) return answer(op, 200);
  if (may_pass(op, request)) read(op, request);
}

bool Source::may_pass(rl_op op, const rl_request& request) {
  switch (signature_.check(host_, request)) {
    case Signature::Verdict::good: return true;
    case Signature::Verdict::missing: answer(op, 401, "no signature\n"); break;
    case Signature::Verdict::stale: answer(op, 401, "signed too long ago\n"); break;
    case Signature::Verdict::no_secret: answer(op, 503, "nothing is taken now\n"); break;
    case Signature::Verdict::wrong: answer(op, 401, "the signature does not fit\n"); break;
  }
  warn("a webhook is refused: its signature is missing, wrong or too old");
  return false;
}

void Source::read(rl_op op, const rl_request& request) {
  Webhook webhook;
  if (!parse(kit::view(request.body), webhook.payload))
    return answer(op, 400, "not a JSON object\n");
  Scope scope{&webhook.payload, &request, {}, &webhook.payload.GetAllocator()};
  webhook.topic = mapping_.topic(scope);
  if (webhook.topic.empty()) return answer(op, 400, "it does not tell its topic\n");
  scope.topic = webhook.topic;
  webhook.rule = mapping_.rule(webhook.topic, scope);
  if (webhook.rule == nullptr) return answer(op, 200, "no event for this\n");
  const Value* fetch = mapping_.fetch(*webhook.rule);
  if (fetch == nullptr || !api_.is_there()) return tell(op, webhook, &request);
  Webhook& kept = waiting_[op] = std::move(webhook);
  const Scope inside{&kept.payload, &request, kept.topic, &kept.payload.GetAllocator()};
  if (api_.ask(host_, op, *fetch, inside)) return;
  waiting_.erase(op);
  answer(op, 503, "nothing is taken now\n");
}

// A provider that knows nothing more costs what it would have told; one that is not there for the
// moment is asked again with the repeated webhook.
void Source::on_io(rl_op op, const rl_reply& reply) {
  const auto found = waiting_.find(op);
  if (found == waiting_.end()) return;
  Webhook webhook = std::move(found->second);
  waiting_.erase(found);
  const bool later = reply.status == 0 || reply.status == 429 || reply.status >= 500;
  if (later) return answer(op, 503, "the provider's API does not answer\n");
  rapidjson::Document fetched(&webhook.payload.GetAllocator());
  if (reply.status == 200 && parse(kit::view(reply.body), fetched)) {
    webhook.payload.AddMember("fetched", static_cast<Value&>(fetched),
                              webhook.payload.GetAllocator());
  } else {
    warn("the provider's API told nothing more of a webhook: status " +
         std::to_string(reply.status));
  }
  tell(op, webhook, nullptr);
}

void Source::tell(rl_op op, Webhook& webhook, const rl_request* request) {
  const Scope scope{&webhook.payload, request, webhook.topic, &webhook.payload.GetAllocator()};
  const MappedEvent made = mapping_.event(*webhook.rule, scope);
  if (made.id.empty() || made.id.size() > kMostBytesOfName)
    return answer(op, 400, "it does not tell its id\n");
  if (made.subject.empty() || made.subject.size() > kMostBytesOfName) {
    warn("a webhook '" + webhook.topic + "' names no customer: see 'subject' and 'api_key'");
    return answer(op, 200, "no customer in it\n");
  }
  if (made.data.size() > kMostBytesOfData) return answer(op, 413, "too much for one event\n");
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = RL_EVENT_ACTION;
  event.id = kit::str(made.id);
  event.at = made.at;
  event.key = kit::parse_key(made.touch);
  event.subject = kit::str(made.subject);
  event.type = kit::str(made.type);
  event.data = kit::str(made.data);
  if (host_->emit(host_, op, &event) != RL_OK) return answer(op, 503, "nothing is taken now\n");
  answer(op, 200);
}

void Source::answer(rl_op op, int32_t status, std::string_view text) {
  kit::answer(host_, op, status, text);
}

void Source::warn(std::string_view text) {
  const int64_t now = host_->now(host_);
  if (warned_at_ != 0 && now - warned_at_ < kQuietMs) {
    ++unwarned_;
    return;
  }
  std::string line(text);
  if (unwarned_ > 0) line += " (and " + std::to_string(unwarned_) + " warnings before)";
  host_->log(host_, RL_LOG_WARNING, kit::str(line));
  warned_at_ = now;
  unwarned_ = 0;
}

}  // namespace sources

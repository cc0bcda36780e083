// The host services of outgoing traffic: http, smtp, abort_io.
#include "plugins/instance_io.h"

#include <algorithm>

#include "base/log.h"
#include "plugins/c_text.h"
#include "plugins/instance.h"

namespace relance {
namespace {

constexpr size_t kMostRequests = 4096;   // of one instance at a time: more is a plugin that loops
constexpr size_t kMostReply = 8u << 20;  // as the contract says

uint32_t c_wire(Wire wire) {
  return wire == Wire::not_sent ? RL_NOT_SENT : wire == Wire::answered ? RL_ANSWERED : RL_MAYBE;
}

// A line break would let a value become headers, or an address SMTP commands.
bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 && c != 9; });
}

// Why the contract forbids this request; empty: it does not.
std::string_view problem_of(const rl_http& c) {
  const std::string_view url = view(c.url);
  if (!url.starts_with("https://") && !url.starts_with("http://")) return "its URL is not of HTTP";
  if (c.method.len == 0) return "it has no method";
  if (has_control(url) || has_control(view(c.method))) return "its URL has control characters";
  for (size_t i = 0; i < c.headers_count; ++i)
    if (c.headers[i].name.len == 0 || has_control(view(c.headers[i].name)) ||
        has_control(view(c.headers[i].value)))
      return "a header has no name or control characters";
  return {};
}

std::string_view problem_of(const rl_mail& c) {
  const std::string_view url = view(c.url);
  if (!url.starts_with("smtps://") && !url.starts_with("smtp://")) return "its URL is not of SMTP";
  if (c.to_count == 0 || c.message.len == 0) return "it has no recipient or no message";
  bool control = has_control(url) || has_control(view(c.from));
  for (size_t i = 0; i < c.to_count; ++i) control |= has_control(view(c.to[i]));
  return control ? "its URL or an address has control characters" : std::string_view();
}

}  // namespace

uint64_t OpenRequests::begin(uint64_t operation) {
  const std::lock_guard lock(mutex_);
  if (requests_.size() >= kMostRequests) return 0;
  const uint64_t number = next_++;
  requests_.emplace(std::pair(operation, number), Request{});
  return number;
}

bool OpenRequests::began(uint64_t operation, uint64_t number, uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  const auto it = requests_.find({operation, number});
  if (it == requests_.end()) return true;  // its reply was quicker
  it->second.ticket = ticket;
  return !it->second.aborted;
}

void OpenRequests::end(uint64_t operation, uint64_t number) {
  const std::lock_guard lock(mutex_);
  requests_.erase({operation, number});
}

std::vector<uint64_t> OpenRequests::abort(uint64_t operation) {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> tickets;
  for (auto it = requests_.lower_bound({operation, 0});
       it != requests_.end() && it->first.first == operation; ++it) {
    it->second.aborted = true;
    if (it->second.ticket != 0) tickets.push_back(it->second.ticket);
  }
  return tickets;
}

int32_t Instance::wrong_request(std::string_view why) const {
  log::error("plugins", "'{}' makes an impossible request: {}", spec_.name, why);
  return RL_WRONG;
}

// Marks the effect, then lets `leave(reply)` hand the request to the net. What the plugin was given
// with the operation lives until the reply has been taken, also where the operation is over by
// then: its answer is then late evidence.
template <class Leave>
int32_t Instance::begin_request(uint64_t operation, uint64_t tag, bool acts, Leave leave) {
  auto held = operations_.hold(operation);
  if (!held) return RL_GONE;
  const uint64_t number = requests_.begin(operation);
  if (number == 0) return RL_BUSY;
  if (acts) operations_.leaving(operation);
  const uint64_t ticket = leave(
      [door = door_, operation, tag, number, acts, held = std::move(held)](const HttpReply& reply) {
        door->enter([&](Instance& self) {
          self.requests_.end(operation, number);
          if (acts) self.operations_.left(operation, reply.wire);
          self.hand_reply(operation, tag, reply);
        });
      });
  if (!requests_.began(operation, number, ticket)) ports_.net.cancel(ticket);
  return RL_OK;
}

void Instance::hand_reply(uint64_t operation, uint64_t tag, const HttpReply& reply) {
  std::vector<rl_header> headers;
  for (const auto& [name, value] : reply.headers) headers.push_back({c_str(name), c_str(value)});
  rl_reply c{};
  c.struct_size = sizeof c;
  c.wire = c_wire(reply.wire);
  c.status = reply.status;
  c.headers = headers.data();
  c.headers_count = headers.size();
  c.body = c_str(reply.body);
  c.problem = c_str(reply.error);
  call([&] { plugin_.descriptor->on_io(self_, operation, tag, &c); });
}

int32_t Instance::begin_http(uint64_t operation, uint64_t tag, const rl_http& c) {
  if (!plugin_.descriptor->on_io) return wrong_request("the plugin has no on_io");
  if (const auto why = problem_of(c); !why.empty()) return wrong_request(why);
  HttpRequest request;
  request.method = text(c.method);
  request.url = text(c.url);
  request.body = text(c.body);
  request.most_bytes = kMostReply;
  if (c.timeout_ms) request.timeout = milliseconds(c.timeout_ms);
  for (size_t i = 0; i < c.headers_count; ++i)
    request.headers.emplace_back(text(c.headers[i].name), text(c.headers[i].value));
  if (std::string trace = operations_.trace_of(operation); !trace.empty())
    request.headers.emplace_back("traceparent", std::move(trace));
  if (c.secret.len > 0) {
    const auto secret = ports_.process.environment(view(c.secret));
    if (!secret) return wrong_request("there is no secret '" + text(c.secret) + "'");
    if (has_control(*secret)) return wrong_request("a secret has control characters");
    if (c.auth == RL_AUTH_HEADER)
      request.headers.emplace_back(text(c.auth_name), *secret);
    else if (c.auth == RL_AUTH_BEARER)
      request.headers.emplace_back("Authorization", "Bearer " + *secret);
    else
      request.basic = {text(c.auth_name), *secret};
  }
  return begin_request(operation, tag, (c.flags & RL_EFFECT) != 0, [&](Net::Reply reply) {
    return ports_.net.http(std::move(request), std::move(reply));
  });
}

int32_t Instance::begin_mail(uint64_t operation, uint64_t tag, const rl_mail& c) {
  if (!plugin_.descriptor->on_io) return wrong_request("the plugin has no on_io");
  if (const auto why = problem_of(c); !why.empty()) return wrong_request(why);
  MailRequest request;
  request.url = text(c.url);
  request.from = text(c.from);
  for (size_t i = 0; i < c.to_count; ++i) request.to.push_back(text(c.to[i]));
  request.message = text(c.message);
  request.require_tls = (c.flags & RL_REQUIRE_TLS) != 0;
  if (c.timeout_ms) request.timeout = milliseconds(c.timeout_ms);
  if (c.secret.len > 0) {
    const auto secret = ports_.process.environment(view(c.secret));
    if (!secret) return wrong_request("there is no secret '" + text(c.secret) + "'");
    request.user = text(c.user);
    request.password = *secret;
  }
  return begin_request(operation, tag, (c.flags & RL_EFFECT) != 0, [&](Net::Reply reply) {
    return ports_.net.mail(std::move(request), std::move(reply));
  });
}

void Instance::abort_io(uint64_t operation) {
  for (const uint64_t ticket : requests_.abort(operation)) ports_.net.cancel(ticket);
}

}  // namespace relance

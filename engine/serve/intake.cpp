#include "serve/intake.h"

#include <mutex>

#include "base/json_text.h"
#include "base/log.h"
#include "script/event_catalogue.h"
#include "serve/cloud_events.h"
#include "serve/problem.h"

namespace relance {
namespace {

constexpr std::string_view kEvents = "/v1/events", kHooks = "/v1/hooks/";

int status_of(Code code) {
  switch (code) {
    case Code::event_too_large: return 413;
    case Code::unsupported_media: return 415;
    default: return 400;
  }
}

// The events of one request: answered once the last of them is durable, or was refused.
struct Awaited {
  std::mutex mutex;
  size_t left = 0;
  bool refused = false;
  std::function<void(bool all_kept)> done;

  void over(bool kept) {
    {
      const std::lock_guard lock(mutex);
      refused |= !kept;
      if (--left > 0) return;
    }
    done(!refused);
  }
};

ServerAnswer plain(int status, std::string body) {
  ServerAnswer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

ServerAnswer accepted(size_t count) {
  ServerAnswer answer;
  answer.status = 202;
  answer.body = JsonText().key("accepted").integer(static_cast<int64_t>(count)).close();
  return answer;
}

std::string_view route_of(std::string_view path) {
  if (path == kEvents) return kEvents;
  return path.starts_with(kHooks) ? "/v1/hooks" : "other";
}

}  // namespace

void Intake::handle(ServerRequest request, HttpServer::Respond respond) {
  const std::string path(request.path());
  HttpServer::Respond counted = [this, route = route_of(path),
                                 respond = std::move(respond)](ServerAnswer answer) {
    metrics_.answered(route, answer.status);
    respond(std::move(answer));
  };
  if (path == kEvents) {
    if (request.method != "POST") return counted(problem(405, "events are sent with POST"));
    if (!may_send(request)) return counted(problem(401, "a bearer token is needed"));
    return take_events(request, std::move(counted));
  }
  if (path.starts_with(kHooks)) return take_hook(std::move(request), std::move(counted));
  if (request.method != "GET" && request.method != "HEAD")
    return counted(problem(404, "there is nothing here"));
  if (path == "/healthz")
    return counted(ports_.node.health() ? plain(200, "ok\n") : plain(503, "the store is lost\n"));
  if (path == "/readyz")
    return counted(ports_.node.has_room() ? plain(200, "ok\n")
                                          : plain(503, "nothing is taken at this moment\n"));
  if (path == "/metrics") {
    ServerAnswer answer = plain(200, metrics_.text(ports_.node, ports_.generations.live()->host()));
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return counted(std::move(answer));
  }
  counted(problem(404, "there is nothing here"));
}

bool Intake::may_send(const ServerRequest& request) {
  return request.local || !ports_.tokens ||
         !ports_.tokens->allows(request.header("authorization")).empty();
}

// Nothing of a batch is taken before all of it has been understood.
void Intake::take_events(const ServerRequest& request, HttpServer::Respond respond) {
  const auto texts = cloud_events_of(request);
  if (!texts) return respond(problem(status_of(texts.error().code), texts.error()));
  const auto live = ports_.generations.live();
  const Bundle& bundle = live->bundle();
  std::vector<EventInput> events;
  for (const std::string& text : *texts) {
    auto parsed = parse_event(text, bundle.events, bundle.tenant);
    if (!parsed)
      return respond(problem(status_of(parsed.error().code), parsed.error(),
                             texts->size() > 1 ? static_cast<int>(events.size()) : -1));
    events.push_back(std::move(parsed->event));
  }
  if (events.empty()) return respond(accepted(0));
  const auto awaited = std::make_shared<Awaited>();
  awaited->left = events.size();
  awaited->done = [this, count = events.size(), began = ports_.clock.since_boot(),
                   respond = std::move(respond)](bool all_kept) {
    if (!all_kept) return respond(try_later("not all of it could be kept: send it again"));
    metrics_.event_kept(ports_.clock.since_boot() - began);
    respond(accepted(count));
  };
  for (EventInput& event : events)
    if (!ports_.node.accept_now(
            std::move(event), [awaited](Accepted how) { awaited->over(how != Accepted::refused); }))
      awaited->over(false);
}

void Intake::take_hook(ServerRequest request, HttpServer::Respond respond) {
  const auto target = ports_.callbacks.read(request.path());
  if (!target) return respond(problem(404, "there is no such hook"));
  if (!ports_.node.has_room()) return respond(try_later("nothing is taken at this moment"));
  InboundRequest inbound;
  inbound.method = std::move(request.method);
  inbound.path = target->rest;
  inbound.query = request.query();
  inbound.url = ports_.callbacks.as_sent(request.target);
  inbound.headers = std::move(request.headers);
  inbound.body = std::move(request.body);
  inbound.key = target->touch;
  ports_.generations.live()->host().request(target->instance, std::move(inbound),
                                            [respond = std::move(respond)](InboundAnswer given) {
                                              ServerAnswer answer;
                                              answer.status = given.status;
                                              answer.content_type = std::move(given.content_type);
                                              answer.body = std::move(given.body);
                                              if (answer.status == 503)
                                                answer.headers.emplace_back("Retry-After", "5");
                                              respond(std::move(answer));
                                            });
}

}  // namespace relance

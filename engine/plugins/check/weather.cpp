// How the kit's provider answers in each weather.
#include <array>

#include "plugins/check/kit_host.h"

namespace relance::conformance {
namespace {

constexpr std::array<std::string_view, kWeathers> kNames = {"fine weather",
                                                            "a reply after 25 seconds",
                                                            "no reply at all",
                                                            "the reply coming twice",
                                                            "a refused connection",
                                                            "a connection cut after bytes left",
                                                            "a 400",
                                                            "a 401",
                                                            "a 404",
                                                            "a 409",
                                                            "a 422",
                                                            "a 429 with Retry-After",
                                                            "a 500",
                                                            "a 503",
                                                            "a page of HTML with 200",
                                                            "200 without a body",
                                                            "200 with half a JSON object",
                                                            "a host that is busy at first",
                                                            "a reply before the call returned"};

constexpr int64_t kHostTimeoutMs = 30000;
constexpr int64_t kSlowMs = 25000;

// What many providers' objects have in common; a plugin that needs more gets it from the scene.
constexpr std::string_view kObject =
    R"({"id":"kit_1","sid":"KIT1","status":"succeeded","object":"object","created":1767600000,)"
    R"("data":[],"items":[],"choices":[],"error":null})";
constexpr std::string_view kProblem =
    R"({"error":{"type":"api_error","code":"kit_error","message":"so the kit says"},)"
    R"("code":20001,"message":"so the kit says"})";

CannedReply with(int status, std::string_view body, std::string_view type = "application/json") {
  CannedReply reply;
  reply.status = status;
  reply.body = body;
  reply.headers = {{"content-type", std::string(type)}};
  return reply;
}

CannedReply without_answer(uint32_t wire, std::string problem, int64_t delay_ms = 20) {
  CannedReply reply;
  reply.status = 0;
  reply.wire = wire;
  reply.problem = std::move(problem);
  reply.delay_ms = delay_ms;
  return reply;
}

int64_t timeout_of(const SentRequest& request) {
  return request.timeout_ms == 0 ? kHostTimeoutMs : request.timeout_ms;
}

int mail_status(int http) { return http < 300 ? 250 : http == 429 || http >= 500 ? 451 : 550; }

CannedReply failing(Weather weather) {
  switch (weather) {
    case Weather::bad_request: return with(400, kProblem);
    case Weather::unauthorized: return with(401, kProblem);
    case Weather::not_found: return with(404, kProblem);
    case Weather::conflict: return with(409, kProblem);
    case Weather::unprocessable: return with(422, kProblem);
    case Weather::broken: return with(500, kProblem);
    case Weather::unavailable: return with(503, kProblem);
    case Weather::html: return with(200, "<html><body>Welcome!</body></html>", "text/html");
    case Weather::empty: return with(200, "");
    case Weather::cut: return with(200, R"({"id":"kit_1","status":"succ)");
    default: break;
  }
  CannedReply reply = with(429, kProblem);
  reply.headers.emplace_back("retry-after", "7");
  return reply;
}

}  // namespace

std::string_view weather_name(Weather weather) { return kNames[static_cast<size_t>(weather)]; }

CannedReply KitHost::sunny(const SentRequest& request) const {
  const CannedReply* canned = scene_.reply_to(request.method, request.url, request.before);
  if (!canned) return with(200, kObject);
  CannedReply reply = *canned;
  for (const auto& [name, value] : about_)
    for (size_t at = 0; (at = reply.body.find(name, at)) != std::string::npos; at += value.size())
      reply.body.replace(at, name.size(), value);
  return reply;
}

CannedReply KitHost::weather_reply(const SentRequest& request, Weather here) const {
  CannedReply reply;
  switch (here) {
    case Weather::never: return without_answer(RL_MAYBE, "timed out", timeout_of(request));
    case Weather::reset_before: return without_answer(RL_NOT_SENT, "connection refused");
    case Weather::reset_after: return without_answer(RL_MAYBE, "connection reset");
    case Weather::slow:
      if (timeout_of(request) <= kSlowMs)
        return without_answer(RL_MAYBE, "timed out", timeout_of(request));
      reply = sunny(request);
      reply.delay_ms = kSlowMs;
      break;
    case Weather::twice:
      reply = sunny(request);
      reply.times = 2;
      break;
    case Weather::fine:
    case Weather::busy:
    case Weather::early: reply = sunny(request); break;
    default: reply = failing(here);
  }
  if (request.mail) reply.status = mail_status(reply.status);
  return reply;
}

}  // namespace relance::conformance

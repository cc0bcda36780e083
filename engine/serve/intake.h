// What `relance serve` answers over HTTP.
//
//   POST /v1/events           CloudEvents (cloud_events.h): 202 once all of them are durable, the
//                             same for a repeat; 400 with code and place; 503 under pressure
//   *    /v1/hooks/INSTANCE   raw bytes to the plugin instance (PluginHost::request)
//   GET  /healthz             200 while the store takes commits
//   GET  /readyz              200 while events are taken
//   GET  /metrics             Prometheus text
//
// Errors are JSON problems (RFC 9457): type, title, status, code, detail, remedy.
// Threads: handle() from any. Lifetime: its ports outlive every answer.
#pragma once

#include <atomic>

#include "net/http_server.h"
#include "node/generations.h"
#include "serve/metrics.h"
#include "serve/tokens.h"

namespace relance {

class Intake {
 public:
  struct Ports {
    NodeCore& node;
    const Generations& generations;
    const CallbackUrls& callbacks;
    const Clock& clock;
    Tokens* tokens = nullptr;  // nullptr: whoever reaches the address may send events
  };
  explicit Intake(Ports ports) : ports_(ports) {}

  void handle(ServerRequest request, HttpServer::Respond respond);

 private:
  void take_events(const ServerRequest& request, HttpServer::Respond respond);
  void take_hook(ServerRequest request, HttpServer::Respond respond);
  bool may_send(const ServerRequest& request);

  Ports ports_;
  IntakeMetrics metrics_;
};

}  // namespace relance

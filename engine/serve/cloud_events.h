// CloudEvents 1.0 over HTTP: a request's events as JSON texts, one each.
//
//   binary       headers ce-id, ce-source, ...; the body is `data`
//   structured   application/cloudevents+json (or application/json): the body is the event
//   batch        application/cloudevents-batch+json: the body is a list of events
//
// Source: CloudEvents HTTP Protocol Binding 1.0.2.
#pragma once

#include <string>
#include <vector>

#include "net/http_server.h"

namespace relance {

constexpr size_t kMostEventsAtOnce = 1000;

// Fails with event_malformed, event_too_large; and unsupported_media where the content type is none
// of these.
Result<std::vector<std::string>> cloud_events_of(const ServerRequest& request);

}  // namespace relance

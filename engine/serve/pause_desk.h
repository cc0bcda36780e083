// What operators ask of a running node about pauses (node/pauses.h), for the socket beside its
// store (serve/admin.h).
//
//   POST /v1/admin/pause   {author, reason, flow, channel, segment, off}: the pause, with its
//   number POST /v1/admin/resume  {author, reason, number | flow, channel, segment, off; release,
//   dry_run}:
//                          what it holds, and what would become of it; with a release, and no dry
//                          run, it is let go, and `released` customers go on
//
// Threads: one change at a time. Blocks: until it is durable.
#pragma once

#include "net/http_server.h"
#include "node/pauses.h"

namespace relance {

ServerAnswer pause_for(NodeCore& node, ActiveGeneration& live, const Doc& asked);
ServerAnswer resume_for(NodeCore& node, ActiveGeneration& live, const Doc& asked);

// As an operator gave it.
Pause pause_asked(DocView asked);
PauseName pause_named(DocView asked);

}  // namespace relance

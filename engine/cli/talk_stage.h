// What `relance talk` plays a script in: a flow that uses it, with everything before the call taken
// away, so that the call is the first thing its run does.
//
// Pure. Threads: any.
#pragma once

#include "script/bundle.h"

namespace relance::cli {

struct TalkStage {
  std::shared_ptr<const Bundle> bundle;  // with this flow alone
  const Flow* flow = nullptr;
  StepIndex call = kNoStep;
  const TalkScript* script = nullptr;
};

// Fails with unknown_script, and which there are, where no step of a flow uses it.
Result<TalkStage> talk_stage(const Bundle& bundle, const std::string& script);

// Fields for an event of this type, made up by the catalogue, with `given` laid over them. Fails
// with event_unknown_type, event_bad_field.
Result<Doc> made_up_event(const Bundle& bundle, const std::string& type, DocView given, Instant at);

}  // namespace relance::cli

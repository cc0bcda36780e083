// The JSON Schema (draft 4) of a compiled flow's canonical JSON, made from the same list of fields
// that writes and reads it (flow_fields.h): docs/reference/flow.schema.json.
//
// Threads: any.
#pragma once

#include <string>

namespace relance {

std::string flow_schema();

}  // namespace relance

// A Doc inside the canonical JSON of a flow. Unlike base/doc.h's JSON it keeps every type: what
// JSON has no form for is a record of one `$` key ({"$minor": 4900, "currency": "EUR"},
// {"$instant": "..."}, {"$date": "..."}); keys of the flow's own that begin with `$` get a second
// one.
#pragma once

#include <rapidjson/document.h>

#include <optional>

#include "base/doc.h"

namespace relance {

rapidjson::Value doc_to_value(DocView view, rapidjson::MemoryPoolAllocator<>& memory);

// Nothing: the value is no Doc, or is nested too deeply.
std::optional<Doc> doc_from_value(const rapidjson::Value& value, int depth = 0);

}  // namespace relance

// relance.source.logistics: signed webhooks of carriers and of those who collect their news. Each
// format is a mapping beside this file; generic.json is the one for systems of one's own.
#include "sources/mapping/source_plugin.h"

namespace {

constexpr char kSchema[] = SOURCE_SCHEMA(R"(,
    "format": {"type": "string", "enum": ["generic", "easypost", "aftership"],
               "default": "generic"},
    "topic": {"type": ["string", "object", "array"]},
    "signature": {"type": "object", "additionalProperties": false, "properties": {
      "headers": {"type": "array", "minItems": 1, "items": {"type": "string"}},
      "encoding": {"type": "string", "enum": ["hex", "base64"]},
      "prefix": {"type": "string"},
      "algorithm": {"type": "string", "enum": ["sha256", "sha1", "sha512"]},
      "time_header": {"type": "string"}}})");

const rl_plugin kPlugin = sources::source_plugin(
    "relance.source.logistics", "Deliveries and pickups as a carrier tells them", kSchema);

}  // namespace

RL_PLUGIN(kPlugin)

// What every source has in common for the host: its calls and its configuration. Threads: any.
#pragma once

#include "kit/plugin.h"

// Members of every source's configuration schema; docs/reference/sources.md explains them.
#define SOURCE_PROPERTIES                                                                \
  R"("signing_secret": {"type": "string", "format": "secret"},)"                         \
  R"("replay_window": {"type": "integer", "minimum": 1000, "maximum": 86400000,)"        \
  R"( "default": 300000},)"                                                              \
  R"("topics": {"type": "object"}, "subject": {"type": ["string", "object", "array"]},)" \
  R"("id": {"type": ["string", "object", "array"]}, "at": {"type": ["string", "object", "array"]})"

// And of one that can ask its provider for more.
#define API_PROPERTIES                                    \
  R"("api_key": {"type": "string", "format": "secret"},)" \
  R"("api_url": {"type": "string", "pattern": "^https?://"})"

// A whole schema: those that every source has, and what is given behind a comma.
#define SOURCE_SCHEMA(more)                                                              \
  R"({"type": "object", "additionalProperties": false, "required": ["signing_secret"],)" \
  R"( "properties": {)" SOURCE_PROPERTIES more "}}"

namespace sources {

// Everything of the descriptor but the plugin's own: its id, its line for people, its schema.
rl_plugin source_plugin(const char* id, const char* title, const char* schema);

}  // namespace sources

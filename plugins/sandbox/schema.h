// The sandbox's configuration, as the host validates it. README.md explains the fields.
#pragma once

namespace sandbox {

inline constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "definitions": {
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "ms": {"type": "integer", "minimum": 0},
    "numbers": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    "delay": {"type": "object", "additionalProperties": false, "properties": {
      "median_s": {"type": "number", "minimum": 0}, "sigma": {"type": "number", "minimum": 0}}}
  },
  "properties": {
    "as": {"type": "string"}, "channel": {"type": "string"}, "world": {"type": "string"},
    "class": {"type": "string", "enum": ["keyed", "lookup", "blind", "repeatable"]},
    "seed": {"type": ["integer", "string"]},
    "effects": {"type": "string"}, "currency": {"type": "string"},
    "key_window_ms": {"$ref": "#/definitions/ms"}, "index_lag_ms": {"$ref": "#/definitions/ms"},
    "delay_ms": {"$ref": "#/definitions/ms"}, "answer_after_ms": {"$ref": "#/definitions/ms"},
    "ring_ms": {"$ref": "#/definitions/ms"}, "turn_ms": {"$ref": "#/definitions/ms"},
    "script": {"type": "array", "items": {"type": "string"}},
    "answers": {"$ref": "#/definitions/numbers"}, "approve": {"$ref": "#/definitions/numbers"},
    "per_try": {"$ref": "#/definitions/share"}, "segments": {"$ref": "#/definitions/numbers"},
    "faults": {"type": "object", "additionalProperties": false, "properties": {
      "not_now": {"$ref": "#/definitions/share"}, "unknown": {"$ref": "#/definitions/share"}}},
    "react": {"type": "object", "additionalProperties": false, "properties": {
      "open": {"$ref": "#/definitions/share"}, "click": {"$ref": "#/definitions/share"},
      "pay": {"$ref": "#/definitions/share"}, "update": {"$ref": "#/definitions/share"},
      "stop": {"$ref": "#/definitions/share"}, "requested_click": {"$ref": "#/definitions/share"},
      "requested_pay": {"$ref": "#/definitions/share"},
      "keep_promise": {"$ref": "#/definitions/share"}}},
    "react_after": {"type": "object", "additionalProperties": false, "properties": {
      "open": {"$ref": "#/definitions/delay"}, "click": {"$ref": "#/definitions/delay"},
      "pay": {"$ref": "#/definitions/delay"}, "requested_click": {"$ref": "#/definitions/delay"},
      "requested_pay": {"$ref": "#/definitions/delay"}}},
    "talk": {"type": "object", "additionalProperties": {"$ref": "#/definitions/numbers"}},
    "words": {"$ref": "#/definitions/numbers"},
    "silent": {"$ref": "#/definitions/share"}, "hang_up": {"$ref": "#/definitions/share"},
    "transfer_accepted": {"$ref": "#/definitions/share"},
    "promises": {"type": "array", "items": {"type": "string"}},
    "understood": {"type": "boolean"},
    "cost_micro": {"type": "integer", "minimum": 0},
    "cost_unanswered_micro": {"type": "integer", "minimum": 0},
    "records": {"type": "object"}, "missing": {"$ref": "#/definitions/share"}
  }
})";

}  // namespace sandbox

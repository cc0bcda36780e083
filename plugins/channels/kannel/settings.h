// The configuration of relance.sms.kannel; README.md explains the fields.
#pragma once

#include <string>

#include "kit/json.h"
#include "kit/prices.h"

namespace kannel {

struct Settings {
  std::string url, username, password, from, smsc;
  std::string inbound_secret;  // its name; empty: no messages of people are taken
  std::string number_prefix;   // stands before a sender's number that has no '+'
  bool simplify = false;       // replace letters that would force UCS-2
  size_t most_segments = 6;
  kit::Prices prices;

  explicit Settings(const kit::Value* config)
      : url(kit::text(config, "url")),
        username(kit::text(config, "username")),
        password(kit::text(config, "password")),
        from(kit::text(config, "from")),
        smsc(kit::text(config, "smsc")),
        inbound_secret(kit::text(config, "inbound_secret")),
        number_prefix(kit::text(config, "number_prefix")),
        simplify(kit::boolean(config, "simplify")),
        most_segments(static_cast<size_t>(kit::integer(config, "most_segments", 6))),
        prices(config, "EUR") {}
};

// What goes into a header has no line ends: nobody can add a header of his own.
inline constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "required": ["url", "username", "password", "from"],
  "definitions": {"line": {"type": "string", "pattern": "^[^\r\n]{1,200}$"}},
  "properties": {
    "url": {"type": "string", "pattern": "^https?://[^\r\n ]+$"},
    "username": {"$ref": "#/definitions/line"},
    "password": {"type": "string", "format": "secret"},
    "from": {"$ref": "#/definitions/line"},
    "smsc": {"$ref": "#/definitions/line"},
    "inbound_secret": {"type": "string", "format": "secret"},
    "number_prefix": {"type": "string", "pattern": "^\\+[0-9]{0,3}$", "default": "+"},
    "simplify": {"type": "boolean", "default": false},
    "most_segments": {"type": "integer", "minimum": 1, "maximum": 10, "default": 6},
    )" KIT_PRICE_PROPERTIES "}}";

}  // namespace kannel

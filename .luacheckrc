-- Flows are read by people who do not program all day: what luacheck finds in them is an error.
std = "lua54"
max_line_length = 100
cache = false

-- The vocabulary of the flow language (lua/meta describes it); the sandbox offers nothing else.
local vocabulary = {
  "flow", "script", "bundle", "events", "contact", "event", "any", "all", "ended", "ignore",
  "fetch", "charge", "send", "await", "wait", "decide", "act", "hold", "release", "handoff",
  "record", "start_flow", "stop", "say", "ask", "verify", "lookup", "text", "transfer", "close",
  "plugin", "policy", "secret", "seconds", "minutes", "hours", "days", "before", "since",
  "until_local", "eur", "usd", "gbp", "money", "at_least", "below", "between", "one_of",
  "segment", "absence_of", "re_entry", "never_again", "again_after", "once_per_key",
  "any_channel", "any_flow", "never", "mutex", "max", "ago", "responded_to_campaign",
  "number", "instant", "date", "boolean", "list",
}
read_globals = vocabulary

-- Flow tests speak busted's form and drive the engine through `sim`.
files["flows/**/*_test.lua"] = {
  read_globals = { "describe", "it", "assert", "sim", "talk", "before_each", "after_each" },
}
-- The meta files declare the vocabulary; the library defines what flow tests use.
files["lua/meta"] = { ignore = { "1.." , "2.." , "6.." } }
files["lua/test"] = { ignore = { "1..", } }

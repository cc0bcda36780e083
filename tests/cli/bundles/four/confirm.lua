local f = flow "confirm" {
  start = event "order.placed", key = "order_id", purpose = "service", expire = days(3),
}
f.call = send { via = "voice", script = "confirm" }
f.human = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "people" }
ignore { f.call }
return f

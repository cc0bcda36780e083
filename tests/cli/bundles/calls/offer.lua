local f = flow "offer" {
  start = event "delivery.failed", key = "shipment_id", purpose = "marketing", expire = days(14),
}
f.call = send { via = "voice", script = "offer" }
f.human = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "people" }
ignore { f.call }
return f

local f = flow "slots" {
  start = event "delivery.failed", key = "shipment_id", purpose = "service", expire = days(2),
}
f.call = send { via = "voice", script = "slots" }
f.human = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "people" }
f.note = record { after = f.call.agreed, what = "agreed" }
ignore { f.call }
return f

-- Within the hour: a call, or where none can be made in time what may go; where nothing, a person.
local f = flow "urgent" {
  start = event "delivery.failed", key = "shipment_id", goal = event "delivery.rescheduled",
  purpose = "service", expire = days(3),
}
f.now = send {
  via = { "sms", "voice" }, choose = policy "last_heard", template = "tell", script = "help",
  deadline = since "event.time" (minutes(60)),
}
f.person = handoff {
  after = any { f.now.late, f.now.denied, f.now.wants_human, f.now.dissatisfied }, queue = "desk",
}
ignore { f.now.otherwise, f.now.opted_out, f.now.wrong_person, f.now.told }
return f

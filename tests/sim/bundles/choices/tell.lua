-- From cheap to dear, one rung a day.
local f = flow "tell" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(28),
}
f.tell = send {
  via = { "email", "sms", "voice" }, choose = policy "ladder", template = "tell", script = "help",
  tries = 3, gap = hours(24), expect = event "link.clicked",
}
f.person = handoff { after = any { f.tell.wants_human, f.tell.dissatisfied }, queue = "desk" }
ignore { f.tell.otherwise, f.tell.opted_out, f.tell.wrong_person, f.tell.told }
return f

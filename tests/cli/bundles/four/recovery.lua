local f = flow "recovery" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(14),
}
f.mail = send { via = "email", template = "failed" }
f.call = send { after = f.mail.delivered, via = "voice", script = "remind" }
f.human = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "people" }
ignore { f.mail, f.call }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.call = send { via = "voice", script = "help", data = { amuont = eur "5" } }
f.man  = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "billing" }
ignore { f.call.failed, f.call.invalid_number }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.call = send { via = "voice", script = "help", data = { amount = eur "5" } }
f.rest = wait { after = any { f.call.voicemail, f.call.no_answer }, hours(1) }
f.text = send { after = f.rest.done, via = "sms", template = "pay" }
f.man  = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "billing" }
ignore { f.call, f.text }
return f

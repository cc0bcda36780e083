local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.call = send {
  via = "voice", script = "help", data = { amount = eur "5" },
}
f.follow = send { after = f.call.voicemial, via = "email", template = "pay" }
f.human  = handoff { after = f.call.wants_human, queue = "billing" }
return f

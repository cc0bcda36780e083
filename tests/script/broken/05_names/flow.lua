local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "emial", template = "pay" }
f.text = send { via = "sms", template = "pays" }
f.call = send { via = "voice", script = "halp", data = { amount = eur "5" } }
f.best = charge { via = "retry", tries = 2, at = policy "evenings" }
f.man  = handoff { queue = "biling" }
f.take = act { on = "shopp", op = "cancel" }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.pay  = charge { via = "email", tries = 0 }
f.call = send { via = "sms", template = "pay", gap = hours(0) }
f.draw = decide { split = { a = 50, b = 40 } }
ignore { f.pay, f.call }
return f

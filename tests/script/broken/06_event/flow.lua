local f = flow "flow" {
  start = event "payment.faild",
  goal  = any { event "payment.succeeded", event "payment.suceeded" },
  key   = "invoice_id", purpose = "recovery",
}
f.wait = wait { hours(1) }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.pause = wait { hours(1) }
f.pause = wait { hours(2) }
f.Upper = wait { hours(2) }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.a = wait { before "event.amount" { days = 1, at = "10:00" } }
f.b = wait { before "event.time" { days = 1 } }
f.c = wait { until_local "25:00" }
f.d = send { via = "sms", template = "pay", deadline = since "event.tme" (minutes(60)) }
f.e = wait { before "steps.a.data.x" (hours(2)) }
ignore { f.d.failed, f.d.bounced }
return f

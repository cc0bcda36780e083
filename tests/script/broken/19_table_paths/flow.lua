local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.choose = decide {
  by = { action = "event.declin.action", who = "custmer.segment", last = "steps.nothing.outcome" },
  rows = { { action = "retry_now", outcome = "a" } }, otherwise = "b",
}
return f

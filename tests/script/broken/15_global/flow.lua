local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
limit = 3
f.pause = wait { ours(1) }
f.call = send {
  via = "email", template = "pay",
  when = function(run) return run.failures > limt end,
}
return f

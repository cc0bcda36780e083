local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.choose = decide {
  by   = { amount = "event.amount", action = "event.decline.action" },
  rows = {
    { amount = at_least(eur "50"), outcome = "big" },
    { amount = below(eur "50"), action = "retry_now", outcome = "small" },
  },
}
return f

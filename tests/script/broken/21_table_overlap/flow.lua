local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.choose = decide {
  by   = { amount = "event.amount" },
  rows = {
    { amount = at_least(eur "50"), outcome = "big" },
    { amount = between(eur "40", eur "60"), outcome = "middle" },
    { amount = below(eur "40"), outcome = "small" },
  },
  otherwise = "odd",
}
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.choose = decide {
  by   = { amount = "event.amount" },
  rows = {
    { amount = f.nothing, outcome = "big" },
    { amount = at_least("much"), outcome = "bigger" },
    { amont = eur "5" },
  },
  otherwise = "odd",
}
f.next = wait { after = f.choose.huge, hours(1) }
return f

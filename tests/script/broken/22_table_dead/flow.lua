local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.choose = decide {
  by   = { tries = "failures", kind = "event.context" },
  hit  = "first",
  rows = {
    { tries = at_least(3), outcome = "many" },
    { tries = { 4, 5 }, kind = "checkout", outcome = "never" },
    { outcome = "few" },
  },
}
return f

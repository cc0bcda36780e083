local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send {
  via = "email", template = "pay",
  data = { amount = eur "5.001", other = eur(5), third = money("EURO", "5") },
}
f.text = send {
  via = "sms", template = "pay",
  when = function(run) return run.event.amount >= eur "5" end,
}
local sum = eur "5" + usd "5"
return f

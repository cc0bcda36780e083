local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "email", template = "pay" }
f.call = send {
  after = f.mail.delivered, via = "voice", script = "help", data = { amount = eur "5" },
}
f.more = wait { after = f.call.otherwise, hours(1) }
return f

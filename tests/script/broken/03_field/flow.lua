local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send {
  via = "email",
  template = "pay",
  trys = 3,
}
ignore { f.mail.failed, f.mail.bounced }
return f

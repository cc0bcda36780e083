local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "email", template = "pay" }
f.both = wait { after = all { f.mail.delivered, f.mail.bounced }, hours(1) }
ignore { f.mail.failed }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = sned { via = "email", template = "pay" }
f.next = wait { after = f.mail.delivered, hours(1) }
return f

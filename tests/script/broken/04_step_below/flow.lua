local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.pause = wait { after = f.mail.delivered, hours(1) }
f.mail  = send { after = f.mial.delivered, via = "email", template = "pay" }
return f

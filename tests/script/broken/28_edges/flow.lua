local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "email", template = "pay" }
f.a = wait { after = { f.mail.delivered, f.mail.failed }, hours(1) }
f.b = wait { after = any { "mail" }, hours(1) }
f.c = wait { after = ended { "expired" }, hours(1) }
f.d = record { after = ended { "expierd" }, what = "x" }
f.e = wait { after = f.mail.delivered.twice, hours(1) }
f.g = wait { after = any {}, hours(1) }
f.h = release { hold = f.mail }
return f

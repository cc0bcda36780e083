local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "email", template = 7, tries = "3", gap = 48, when = true }
f.pause = wait { 5 }
f.note = record { what = "x", data = f.mail }
return f

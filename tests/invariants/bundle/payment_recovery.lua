-- Two charges and two messages at once, of one bill.
local f = flow "payment_recovery" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(20),
}
f.one  = charge { via = "retry", tries = 9, gap = hours(9) }
f.two  = charge { via = "retry", tries = 9, gap = hours(8) }
f.mail = send { via = "email", template = "note", tries = 4, gap = hours(2) }
f.text = send { after = f.mail, via = "sms", template = "note", tries = 3, gap = hours(3) }
ignore { f.one.failed, f.two.failed, f.one.refused, f.two.refused, f.one.needs_customer,
         f.two.needs_customer, f.one.declined, f.two.declined, f.mail.failed, f.mail.bounced,
         f.text.failed, f.text.bounced }
return f

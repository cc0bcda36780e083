-- Of a customer nobody knows there is a record; everybody else hears of it.
local f = flow "small" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(14),
}
f.profile = fetch { from = "crm", need = { "email" } }
f.unknown = record { after = f.profile.missing, what = "nobody_known" }
f.email = send { after = f.profile.found, via = "email", template = "hello" }
f.sms   = send { after = f.email.delivered, via = "sms", template = "hello" }
f.again = send { after = f.sms.delivered, via = "sms", template = "hello" }
ignore { f.profile.failed, f.email, f.sms, f.again }
return f

-- A payment failed: read the customer, write to her, note it in the CRM.
local f = flow "hello" {
  start   = event "payment.failed",
  key     = "invoice_id",
  purpose = "service",
}
f.profile = fetch { from = "crm", need = { "phone" } }
f.text    = send { after = f.profile, via = "sms", template = "hello" }
f.note    = record { after = f.text.delivered, what = "told_of_failed_payment" }
ignore { f.text.failed }
return f

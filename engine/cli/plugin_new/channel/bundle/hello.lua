-- A payment failed: one message, at once.
local f = flow "hello" {
  start   = event "payment.failed",
  key     = "invoice_id",
  purpose = "service",
}
f.profile = fetch { from = "crm", need = { "phone" } }
f.text    = send { after = f.profile, via = "sms", template = "hello" }
ignore { f.text.failed }
return f

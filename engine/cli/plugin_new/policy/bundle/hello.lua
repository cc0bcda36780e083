-- A payment failed: up to four messages, each when the policy says, until a link is clicked.
local f = flow "hello" {
  start   = event "payment.failed",
  key     = "invoice_id",
  purpose = "service",
}
f.profile = fetch { from = "crm", need = { "phone" } }
f.text    = send {
  after = f.profile, via = "sms", template = "hello",
  tries = 4, gap = hours(20), at = policy "evening", expect = event "link.clicked",
}
ignore { f.text.failed, f.text.ignored, f.text.bounced, f.text.opted_out }
return f

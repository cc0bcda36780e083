-- She stands at the checkout and her card was declined: call at once, while she is still there.
local f = flow "at_checkout" {
  start   = event "payment.failed" { where = function(e) return e.context == "checkout" end },
  key     = "invoice_id",
  goal    = event "payment.succeeded",
  purpose = "service", expire = minutes(2),
}
f.call = send {
  via = "voice", script = "payment_help", on_unknown = "resend",
  data = function(run) return { amount = run.event.amount } end,
}
f.human = handoff { queue = "billing", after = any { f.call.wants_human, f.call.dissatisfied } }
ignore { f.call }
return f

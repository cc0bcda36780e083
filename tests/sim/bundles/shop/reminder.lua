-- Charge twice, write twice, text once.
local f = flow "reminder" {
  start   = event "payment.failed" { where = function(e) return e.context ~= "checkout" end },
  key     = "invoice_id",
  goal    = event "payment.succeeded",
  when    = function(run) return run.event.amount >= eur "5" end,
  purpose = "recovery",
  expire  = days(14),
}
f.profile = fetch { from = "crm", need = { "segment" } }
f.retry = charge { after = f.profile, via = "retry", tries = 2, gap = hours(24) }
f.email = send {
  after = f.retry.otherwise, via = "email", template = "reminder", tries = 2, gap = hours(48),
  expect = event "link.clicked",
  data = function(run) return { reason = run.steps.retry.data.code } end,
}
f.text = send { after = f.email.otherwise, via = "sms", template = "reminder" }
ignore { f.email.opted_out, f.text.otherwise, f.text.opted_out }
return f

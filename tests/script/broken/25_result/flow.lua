local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.look = fetch { from = "crm", need = { "email" } }
f.mail = send {
  via = "email", template = "pay",
  data = function(run) return { name = run.steps.look.data.name } end,
}
f.more = decide {
  after = f.mail.delivered,
  by = { name = "steps.look.data.name" },
  rows = { { name = "x", outcome = "y" } }, otherwise = "z",
}
ignore { f.look, f.mail.failed, f.mail.bounced }
return f

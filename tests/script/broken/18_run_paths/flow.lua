local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.mail = send { via = "email", template = "pay",
  data = function(run)
    local amount = run.evnt.amount
    return {
      amount = amount, name = run.event.nmae,
      last = run.steps.maill.data.x,
      done = run.steps.mail.outcom,
    }
  end }
ignore { f.mail }
return f

-- A letter and an attempt to charge, both of which end unknown; what follows needs the answer.
local f = flow "parked" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(7),
}
f.letter = send { via = "post", template = "hello" }
f.retry = charge { after = f.letter, via = "retry" }
f.email = send { after = f.retry.otherwise, via = "email", template = "hello" }
ignore { f.letter, f.email }
return f

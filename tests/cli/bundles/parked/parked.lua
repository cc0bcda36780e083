-- A letter and an attempt to charge, both of which end unknown; what follows needs the answer: a
-- message, and an operation of which nobody can be asked afterwards.
local f = flow "parked" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(7),
}
f.letter = send { via = "post", template = "hello" }
f.retry = charge { after = f.letter, via = "retry" }
f.email = send { after = f.retry.otherwise, via = "email", template = "hello" }
f.lock = act { after = f.retry.otherwise, on = "shop", op = "lock" }
ignore { f.letter, f.email, f.lock }
return f

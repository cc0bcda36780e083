local f = flow "case" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = days(14),
}
f.human = handoff { queue = "billing", outcomes = { "promised", "closed" } }
f.mail  = send { after = any { f.human.promised, f.human.returned }, via = "email",
                 template = "thanks" }
f.over  = stop { after = f.human.closed, reason = "closed_by_person" }
ignore { f.mail }
return f

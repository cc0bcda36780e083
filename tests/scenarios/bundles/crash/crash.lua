local f = flow "crash" {
  start = event "payment.failed", key = "invoice_id", goal = event "payment.succeeded",
  purpose = "recovery", expire = minutes(5),
}
f.one = send { via = "first", template = "hello" }
f.two = send { after = f.one.otherwise, via = "second", template = "hello" }
ignore { f.one.opted_out, f.two }
return f

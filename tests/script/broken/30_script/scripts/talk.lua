local s = script "talk" { always = { "wants_humans" }, answers = { reason = { "a" } } }
s.hello = say    { text = "helo" }
s.why   = ask    { after = s.hello.don, text = "why", hears = { "a", "b" }, answer = "reasn" }
s.link  = text   { after = s.why.a, via = "sms", template = "nothing" }
s.paid  = await  { after = s.link.sent, event "payment.succeeded" }
s.bye   = close  { after = s.paid.arrived }
s.odd   = wait   { hours(1) }
return s

local f = flow "cod_confirmation" {
  start = event "order.placed", key = "order_id", goal = event "order.paid",
  stop = event "order.cancelled", purpose = "service", expire = days(8),
}
f.person = handoff { queue = "desk", within = days(1) }
f.ask    = send { via = "sms", template = "note", tries = 2, gap = hours(3),
                  deadline = since "event.time" (hours(12)) }
f.again  = send { after = f.ask, via = "email", template = "note" }
ignore { f.person, f.ask.failed, f.ask.bounced, f.again.failed, f.again.bounced }
return f

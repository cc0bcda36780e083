-- Asks again and again; the first text is what the customer asked for.
local f = flow "delivery_retry" {
  start = event "delivery.failed", key = "shipment_id", goal = event "delivery.done",
  purpose = "service", expire = days(10),
  recheck = { from = "shop", what = "shipment", goal = "delivered", stop = "lost" },
}
f.text = send { via = "sms", template = "note", requested = true }
f.mail = send { after = f.text, via = "email", template = "note", tries = 3, gap = hours(5),
                expect = event "delivery.rescheduled" }
f.last = send { after = f.mail.otherwise, via = "sms", template = "note", requested = true }
f.desk = handoff { after = any { f.last.failed, f.last.denied, f.last.bounced }, queue = "desk" }
ignore { f.mail.opted_out, f.last.opted_out }
return f

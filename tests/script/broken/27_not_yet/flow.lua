local f = flow "flow" { start = absence_of "order.placed" (days(90)), purpose = "marketing" }
f.mail = send { via = { "email", "sms" }, choose = policy "evening", template = "pay" }
f.next = start_flow { flow = "other" }
return f

local f = flow "flow" { start = absence_of "order.placed" (days(90)), purpose = "marketing" }
return f

local f = flow "flow" { start = event "payment.failed", key = "invoice_id", purpose = "recovery" }
f.wait = wait { days(1) }
f.a = start_flow { after = f.wait.done, flow = "other", data = { order_id = "o", amont = eur "4" } }
f.b = start_flow { after = f.wait.done, flow = "other", data = { order_id = 7 } }
f.c = start_flow { after = f.wait.done, flow = "other" }
f.d = start_flow { flow = "flow" }
f.e = start_flow { after = f.wait.done, flow = "flow" }
return f

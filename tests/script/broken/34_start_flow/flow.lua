local f = flow "flow" { start = event "payment.failed", key = "invoice_id", purpose = "recovery" }
f.a = start_flow { flow = "flw" }
f.b = start_flow { data = { invoice_id = "i-1" } }
f.c = start_flow { flow = "flow", data = "i-1" }
return f

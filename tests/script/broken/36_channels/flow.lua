local f = flow "flow" { start = event "payment.failed", key = "invoice_id", purpose = "recovery" }
f.a = send { via = { "email", "sms" }, template = "pay" }
f.b = send { via = "email", choose = policy "evening", template = "pay" }
f.c = send { via = { "email", "smss" }, choose = policy "evening", template = "pay" }
f.d = send { via = { "email", "email" }, choose = policy "evening", template = "pay" }
f.e = send { via = { "email", "voice" }, choose = policy "evening", template = "pay" }
f.h = send { via = {}, template = "pay" }
f.i = send { via = { "email", "sms" }, choose = policy "evenin", template = "pay" }
f.g = send { via = { "email", "voice" }, choose = policy "evening",
             script = "help", data = { amount = eur "5" } }
return f

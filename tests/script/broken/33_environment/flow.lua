local f = flow "flow" { start = event "payment.failed", key = "invoice_id", purpose = "recovery" }
local names = _ENV
f.pause = wait { names.ours(1) }
names.limit = 3
string.limit = 3
return f

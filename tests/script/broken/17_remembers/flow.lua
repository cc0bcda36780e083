local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
local seen = 0
f.pause = wait { hours(1), when = function(run) seen = seen + 1 return seen < 3 end }
return f

local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.pause = wait { hours(1), after = f.other.done }
local list = nil
f.more = wait { hours(#list) }
return f

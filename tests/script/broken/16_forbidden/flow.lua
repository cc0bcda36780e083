local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.pause = wait { hours(1), when = function(run) return os.time() > 5 and pcall(print) end }
require "x"
return f

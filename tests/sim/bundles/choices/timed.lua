-- At the time of day at which this customer answers; then every month anew, until consent goes.
local f = flow "timed" {
  start = event "cart.abandoned", key = "checkout_id", goal = event "order.placed",
  stop = event "consent.withdrawn", purpose = "service", expire = days(60),
}
f.known = fetch { from = "crm", need = { "email" } }
f.mail  = send { after = f.known, via = "email", template = "tell", at = policy "best_time" }
f.month = wait { after = f.mail.otherwise, days(30) }
f.again = start_flow { after = f.month.done, flow = "timed" }
ignore { f.mail.opted_out }
return f

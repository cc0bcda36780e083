-- Hands over to another flow, with what it needs to know.
local f = flow "chain" {
  start = event "order.unpaid", key = "order_id", goal = event "order.paid",
  purpose = "service", expire = days(10),
}
f.wait = wait { hours(2) }
f.cart = start_flow {
  after = f.wait.done, flow = "timed",
  data = function(run)
    return { checkout_id = "c-" .. run.event.order_id, amount = run.event.amount }
  end,
}
f.rest = wait { after = f.cart.started, days(1) }
return f

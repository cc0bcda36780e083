local f = flow "other" {
  start = event "order.placed", key = "order_id", goal = event "order.paid", purpose = "service",
}
f.wait = wait { hours(1) }
return f

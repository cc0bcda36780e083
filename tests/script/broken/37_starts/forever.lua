local f = flow "forever" {
  start = absence_of "order.placed" (90), key = "order_no", purpose = "marketing",
  when  = function(run) return run.event.sinse ~= nil and run.facts.orderz > 1 end,
}
f.pause = wait { hours(1) }
return f

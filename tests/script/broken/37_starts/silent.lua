local f = flow "silent" {
  start = absence_of "order.place" (days(90)), key = "order_no", purpose = "marketing",
}
f.pause = wait { hours(1) }
return f

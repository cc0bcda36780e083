local f = flow "flow" {
  start = segment {
    from  = "shop",
    where = { country = {}, ["facts.last_order_att"] = below(ago(days(90))),
              orders = at_least("many"), city = ago(days(1)) },
    evry  = days(1),
    pace  = 0,
  },
  purpose = "marketing",
}
f.pause = wait { hours(1) }
return f

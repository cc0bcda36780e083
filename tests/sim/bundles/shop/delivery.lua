-- A parcel could not be delivered: keep it, call, deliver again on the day she names.
local f = flow "delivery" {
  start   = any { event "delivery.failed", event "shipment.delayed" },
  key     = "shipment_id",
  goal    = event "delivery.done",
  purpose = "service",
  expire  = days(10),
}
f.order = fetch { from = "shop", what = "order", by = "order_id" }
f.hold = hold {
  after = f.order.found, on = "shop", op = "hold_parcel", undo = "release_parcel",
  data = function(run) return { shipment = run.event.shipment_id } end, at_most = days(5),
}
f.call = send {
  after = f.hold.done, via = "voice", script = "delivery_help", callbacks = 1,
  data = function(run) return { order = run.event.order_id } end,
}
f.rebook = act {
  after = f.call.rebooked, on = "shop", op = "rebook", settles = f.hold,
  data = function(run) return { day = run.steps.call.data.day } end,
}
f.note = record {
  after = any { f.rebook.done, f.call.refused }, what = "delivery_contact",
  data = function(run) return { ended = run.steps.call.outcome } end,
}
f.human = handoff {
  after = any { f.order.otherwise, f.hold.otherwise, f.call.wants_human, f.call.otherwise,
                f.rebook.otherwise },
  queue = "desk", outcomes = { "resolved", "gave_up" },
}
ignore { f.call.opted_out, f.call.wrong_person }
return f

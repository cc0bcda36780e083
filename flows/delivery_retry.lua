-- A parcel could not be handed over: agree on a new time within the hour, while it is still near.
local f = flow "delivery_retry" {
  start   = event "delivery.failed",
  key     = "shipment_id",
  goal    = any { event "delivery.rescheduled", event "delivery.done" },
  stop    = event "support.opened" { where = function(e) return e.topic == "delivery" end },
  purpose = "service",
  expire  = days(3),
}

f.profile = fetch { from = "crm", need = { "phone" } }
f.slots = fetch { -- what the carrier can do; nothing is promised that it cannot
  from = "shop", what = "delivery_slots", by = "shipment_id", need = { "first_slot" },
}
f.call = send {
  after = all { f.profile, f.slots.found }, deadline = since "event.time" (minutes(60)),
  data = function(run)
    local slots = run.steps.slots.data
    return { reason = run.event.reason, first_slot = slots.first_slot,
             second_slot = slots.second_slot }
  end,
  via = "voice", script = "new_delivery",
}
f.book = act {
  after = f.call.rescheduled, on = "shop", op = "reschedule_delivery",
  data = function(run)
    local slots, heard = run.steps.slots.data, run.steps.call.data
    return { shipment_id = run.event.shipment_id,
             slot = heard.slot == "second" and slots.second_slot or slots.first_slot }
  end,
}
f.text = send {
  after = any { f.slots.otherwise, f.call.late, f.call.unconfirmed, f.call.otherwise,
                f.book.refused, f.book.failed },
  data = function(run) return { reason = run.event.reason } end,
  via = "sms", template = "new_delivery",
  override = { gap = "her parcel is still near, and nobody picked up" },
}
f.missed = record { -- the hour was over before anybody could be called
  after = f.call.late, what = "deadline_missed",
  data = function(run) return { shipment_id = run.event.shipment_id, minutes = 60 } end,
}
f.note = record { what = "delivery_contact", after = any {
  f.book.done, f.call.opted_out, f.call.wrong_person, f.text.opted_out } }
f.human = handoff { queue = "orders", within = days(1), after = any {
  f.call.wants_human, f.call.dissatisfied, f.text.failed, f.text.bounced,
  f.text.denied } }
ignore { f.human.expired }
return f

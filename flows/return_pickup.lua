-- The day before a return is collected: is she at home, and is it packed?
local f = flow "return_pickup" {
  start   = any { event "pickup.scheduled", event "pickup.rescheduled" },
  key     = "return_id",
  goal    = event "pickup.done",
  stop    = any { event "pickup.cancelled", event "return.closed" },
  updates = event "pickup.rescheduled", -- the wait below moves with it
  purpose = "service",
  expire  = days(30),
}

f.profile = fetch { from = "crm", need = { "phone" } }
f.eve = wait { after = f.profile, before "event.pickup_at" { days = 1, at = "10:00" } }
f.call = send {
  after = f.eve.done, deadline = before "event.pickup_at" { days = 1, at = "20:00" },
  data = function(run)
    return { pickup_at = run.event.pickup_at, items = run.event.items, tone = "patient" }
  end,
  via = "voice", script = "pickup", tries = 2, gap = hours(4), callbacks = 1,
}
f.rebook = act { -- the carrier tells the new time, and that day's eve begins anew
  after = f.call.reschedule, on = "shop", op = "rebook_pickup",
  when = function(run) return run.steps.call.data.slot end,
  data = function(run)
    return { return_id = run.event.return_id, slot = run.steps.call.data.slot }
  end,
}
f.text = send {
  after = any { f.rebook.skipped, f.call.unconfirmed, f.call.otherwise },
  via = "sms", template = "pickup",
  deadline = before "event.pickup_at" (hours(2)),
}
f.note = record {
  after = any { f.call.confirmed, f.call.not_ready, f.call.opted_out, f.call.wrong_person,
                f.text.opted_out },
  what = "pickup_confirmation",
  data = function(run)
    local heard = run.steps.call.data
    return { availability = heard.availability, item = heard.item }
  end,
}
f.human = handoff { queue = "returns", within = days(1), after = any {
  f.call.disputes, f.call.wants_human, f.call.dissatisfied, f.rebook.refused, f.rebook.failed } }
ignore { f.text.failed, f.text.bounced, f.text.late, f.human.expired }
return f

-- Cash on delivery: the order is held until she confirms it, and never longer than two days.
local f = flow "cod_confirmation" {
  start   = event "order.placed" { where = function(e) return e.payment_method == "cod" end },
  key     = "order_id",
  stop    = any { event "order.cancelled", event "order.paid" },
  updates = event "order.changed",
  purpose = "service",
  expire  = days(3),
}
local function order(run) return { order_id = run.event.order_id } end

f.hold = hold { -- however this run ends, the order goes on: no answer is a yes after two days
  on = "shop", op = "hold", undo = "release", at_most = hours(48), data = order,
}
f.profile = fetch { from = "crm", default = { rto_risk = "normal" } }
f.soon = wait { after = all { f.hold, f.profile }, minutes(5) }
f.call = send {
  after = f.soon.done, deadline = since "event.time" (hours(36)),
  when = function(run) return run.customer.rto_risk ~= "low" end, -- who always takes her parcels
  data = function(run)
    local e = run.event
    return { order = e.order_id, amount = e.amount, items = e.items, address = e.address,
             delivery_date = e.delivery_date }
  end,
  via = "voice", script = "confirm_order", callbacks = 1,
  tries = 2, gap = hours(24), at = policy "another_band",
}
local function corrected(run)
  local heard = run.steps.call.data
  return { order_id = run.event.order_id, address = heard.new_address, slot = heard.slot }
end
f.correct = act { -- another address, or another day, where it was understood
  after = any { f.call.address_corrected, f.call.not_available }, data = corrected, on = "shop",
  op = "change_delivery", only_if = { dispatched = false },
  when = function(run) return corrected(run).address or corrected(run).slot end,
}
f.cancel = act { -- before the parcel travels, or not at all
  after = f.call.cancelled, on = "shop", op = "cancel", only_if = { dispatched = false },
  settles = f.hold, data = order,
}
f.shipped = send { -- dispatch won the race: what to do at the door
  after = any { f.correct.refused, f.cancel.refused }, requested = true,
  via = "sms", template = "already_shipped",
}
f.ask = send { -- the order waits a little longer for her answer
  after = any { f.correct.skipped, f.call.unconfirmed, f.call.otherwise },
  via = "sms", template = "confirm_order", gap = hours(8),
  expect = any { event "link.clicked", event "order.changed" },
}
f.free = release { after = any { f.call.confirmed, f.call.skipped, f.correct.done }, hold = f.hold }
f.note = record {
  after = any { f.free.done, f.cancel.done, f.call.opted_out, f.call.wrong_person,
                f.ask.opted_out, f.shipped.opted_out },
  what = "cod_confirmation", data = function(run) return { outcome = run.steps.call.outcome } end,
}
f.human = handoff { queue = "orders", within = days(1), after = any { f.call.wants_change,
  f.call.wants_human, f.call.dissatisfied, f.correct.failed, f.cancel.failed } }
ignore { f.ask.failed, f.ask.bounced, f.shipped.failed, f.shipped.bounced,
         f.free.refused, f.free.failed, f.human.expired }
return f

-- Cash-on-delivery orders at risk, as the CRM sees them: the customer confirms before it is sent.
-- Fifty calls a minute at most; who answered anything is not called again for this reason.
local f = flow "campaign" {
  start = segment {
    from  = "crm", every = hours(6), pace = 50, changed = "updated_at",
    where = { segment = "cod_high_rto", open_order = "placed" },
  },
  goal     = any { event "order.paid", event "order.dispatched" },
  stop     = event "order.cancelled",
  purpose  = "service",
  when     = function(run) -- past outcomes count: who hung up on us twice is left alone
    return run.touches.count { channel = "voice", outcome = "hung_up" } < 2
  end,
  re_entry = again_after(days(30)),
  expire   = days(5),
}

f.call = send {
  via = "voice", script = "confirm_order", tries = 3, gap = hours(20),
  data = function(run)
    return { order = run.customer.order_id, total = run.customer.order_total }
  end,
}
f.note = record {
  after = any { f.call.confirmed, f.call.refused, f.call.opted_out, f.call.wrong_person,
                f.call.callback, f.call.otherwise },
  what = "order_confirmation", data = function(run) return { outcome = run.steps.call.outcome } end,
}
f.person = handoff {
  after = any { f.call.wants_human, f.call.dissatisfied }, queue = "care", within = days(1),
}
ignore { f.person.expired }

return f

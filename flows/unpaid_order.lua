-- An order that is not paid: call while she is still at the checkout, else a quiet link first.
local f = flow "unpaid_order" {
  start = any { -- each with its own rule; without its line it is off
    event "payment.failed" { where = function(e) return e.context == "checkout" end },
    event "order.unpaid",
    event "cart.abandoned" { where = function(e)
      return e.amount >= at_least { eur "20", usd "20", gbp "18" }
    end },
  },
  key     = "checkout_id",
  goal    = any { event "order.paid", event "payment.succeeded", event "order.placed" {
    where = function(e) return e.payment_method == "cod" end } },
  stop    = any { event "order.cancelled", event "fraud.suspected" },
  updates = event "checkout.updated",
  recheck = { from = "shop", what = "order", by = "checkout_id", goal = "paid",
              stop = "cancelled" }, -- read again just before a message leaves
  purpose = "recovery",
  expire  = days(7),
}

f.profile = fetch { from = "crm", need = { "segment" }, default = { segment = "new" } }
f.methods = fetch { from = "shop", what = "payment_methods", by = "checkout_id" }
f.case = decide { -- she is there now, or she left
  after = all { f.profile, f.methods }, by = { context = "event.context" },
  rows = { { context = "checkout", outcome = "rejected" } }, otherwise = "left",
}
f.idle = wait { after = f.case.left, minutes(30) } -- many come back by themselves
f.mail = send {
  after = f.idle.done, via = "email", template = "unpaid_order", gap = hours(20),
  expect = any { event "link.clicked", event "checkout.updated" },
}
f.call = send {
  after = any { f.case.rejected, f.mail.otherwise },
  when = function(run) -- she is at the checkout now, or the order is worth a call
    return run.event.context == "checkout"
      or run.event.amount >= at_least { eur "120", usd "120", gbp "100" }
  end,
  data = function(run)
    return { amount = run.event.amount, methods = run.steps.methods.data.methods,
             tone = run.customer.segment == "new" and "welcoming" or "familiar",
             urgency = run.event.context == "checkout" and "now" or "low" }
  end,
  via = "voice", script = "unpaid_order", callbacks = 1,
}
f.switch = act { -- the order waits for the other method from now on
  after = f.call.switched_method, on = "shop", op = "set_payment_method",
  data = function(run)
    return { checkout_id = run.event.checkout_id, method = run.steps.call.data.method }
  end,
}
f.grace = wait { after = any { f.mail.responded, f.call.promised, f.switch }, hours(24) }
f.last = send {
  after = any { f.grace.done, f.call.skipped, f.call.otherwise }, via = "sms",
  template = "unpaid_order",
}
f.note = record { what = "unpaid_order_contact", after = any { f.call.refused, f.call.opted_out,
  f.call.wrong_person, f.mail.opted_out, f.last.opted_out } }
f.human = handoff { queue = "orders", after = any { f.call.wants_human, f.call.dissatisfied } }
ignore { f.last.failed, f.last.bounced }
return f

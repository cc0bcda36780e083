-- Where the parcel is: one word when it leaves, and one when it is late.
local f = flow "delivery_update" {
  start   = any { event "shipment.out", event "shipment.delayed" },
  key     = "shipment_id",
  goal    = event "delivery.done",
  stop    = any { event "delivery.failed", event "order.cancelled" }, -- delivery_retry goes on
  purpose = "service",
  expire  = days(21),
}

f.profile = fetch { from = "crm", need = { "email" } }
f.left = await { event "shipment.out", within = days(21) }
f.late = await { event "shipment.delayed", within = days(21) }
f.out = send {
  after = all { f.profile, f.left.arrived }, via = "email", template = "delivery_update",
  when = function(run) return run.steps.late.outcome ~= "arrived" end,
  data = function(run) return run.steps.left.data end,
}
f.delay = send { -- she should hear it from us, and soon
  after = all { f.profile, f.late.arrived }, via = "sms", template = "delivery_update",
  data = function(run)
    local news = run.steps.late.data
    return { late = true, reason = news.reason, expected_on = news.expected_on }
  end,
}
f.mail = send {
  after = any { f.delay.denied, f.delay.failed, f.delay.bounced }, via = "email",
  template = "delivery_update",
  data = function(run)
    local news = run.steps.late.data
    return { late = true, reason = news.reason, expected_on = news.expected_on }
  end,
}
ignore { f.out.failed, f.out.bounced, f.mail.failed, f.mail.bounced }
return f

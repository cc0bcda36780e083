-- A return has arrived and its refund is on the way: tell her before she has to ask.
local f = flow "refund_status" {
  start    = any { event "return.processed", event "refund.initiated" }, -- in any order
  key      = "return_id",
  stop     = event "return.rejected",
  purpose  = "service",
  re_entry = once_per_key,
  expire   = days(21),
}

f.processed = await { event "return.processed", within = days(21) }
f.initiated = await { event "refund.initiated", within = days(21) }
f.paid      = await { event "refund.completed", within = days(14) }
f.news = decide { -- the money itself is news enough
  after = all { f.processed.arrived, f.initiated.arrived }, outcomes = { "tell", "over" },
  by = function(run) return run.steps.paid.outcome == "arrived" and "over" or "tell" end,
}
f.profile = fetch { after = f.news.tell, from = "crm", need = { "phone" } }
f.call = send { -- what is not known is not said: without amount, day and method nobody is called
  after = f.profile,
  data = function(run)
    local refund = run.steps.initiated.data
    return { amount = refund.amount, expected_on = refund.expected_on, method = refund.method,
             tone = "reassuring" }
  end,
  via = "voice", script = "refund", deadline = since "event.time" (days(3)), callbacks = 1,
}
f.mail = send {
  after = any { f.call.unconfirmed, f.call.otherwise }, via = "email", template = "refund_status",
  when = function(run)
    local refund = run.steps.initiated.data
    return refund.amount and refund.expected_on and refund.method
  end,
  data = function(run) return run.steps.initiated.data end,
}
f.missing = record { -- the shop owes a date
  after = f.mail.skipped, what = "refund_facts_missing",
  data = function(run) return { return_id = run.event.return_id } end,
}
f.again = await { -- she asked all the same: counted, to see what the call is worth
  after = any { f.call.informed, f.mail.delivered },
  any { event "message.received", event "call.received", event "support.opened" }, within = days(7),
}
f.asked = record { after = f.again.arrived, what = "refund_asked_again" }
f.note  = record { what = "refund_contact", after = any {
  f.call.informed, f.call.opted_out, f.call.wrong_person, f.mail.opted_out } }
f.human = handoff { queue = "returns", within = days(2), after = any {
  f.call.question, f.call.wants_human, f.call.dissatisfied } }
ignore { f.mail.failed, f.mail.bounced, f.human.expired }
return f

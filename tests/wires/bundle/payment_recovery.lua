-- The shipped recovery with seconds for days: the same steps, channels and conversation.
local f = flow "payment_recovery" {
  start   = event "payment.failed" { where = function(e) return e.context ~= "checkout" end },
  key     = "invoice_id",
  goal    = event "payment.succeeded",
  purpose = "recovery", expire = minutes(2),
}

f.profile = fetch { from = "crm", need = { "email", "phone", "timezone", "locale" } }
f.move = decide {
  after = f.profile, by = { action = "event.decline.action" }, otherwise = "ask",
  rows = { { action = { "retry_now", "retry_scheduled" }, outcome = "retry" } },
}
f.pause = wait { after = f.move.retry, seconds(2) }
f.retry = charge { after = f.pause.done, via = "retry", tries = 2, gap = seconds(2) }
f.email = send {
  after = any { f.move.ask, f.retry.declined, f.retry.refused, f.retry.needs_customer,
                f.retry.failed },
  via = "email", template = "payment_link",
}
f.grace = wait { after = f.email.otherwise, seconds(3) }
f.call = send {
  after = f.grace.done, via = "voice", script = "payment_help",
  data = function(run) return { amount = run.event.amount } end,
}
f.mail = send { after = f.call.voicemail, via = "email", template = "after_voicemail",
                requested = true }
f.kept = wait { after = f.call.promised, seconds(3) }
f.last = send {
  after = any { f.call.otherwise, f.kept.done, f.mail }, via = "sms", template = "last_notice",
}
f.human = handoff { queue = "billing", after = any { f.call.wants_human, f.call.dissatisfied } }
ignore { f.email.opted_out, f.call.opted_out, f.call.refused, f.call.wrong_person, f.last }
return f

-- Recover a failed recurring payment: quiet before loud, a call only where it pays.
local f = flow "payment_recovery" {
  start   = event "payment.failed" { where = function(e) return e.context ~= "checkout" end },
  key     = "invoice_id",              -- one live run per invoice; a later failure joins it
  goal    = event "payment.succeeded", -- of this invoice, from any step; cancels what is pending
  stop    = any { event "invoice.voided", event "mandate.revoked" },
  purpose = "recovery",
  expire  = days(28),
}

f.profile = fetch { from = "crm", need = { "email", "phone", "timezone", "locale", "segment" } }
f.move = decide { -- what the decline asks for; who is not in the CRM can still be charged
  after = f.profile, by = { action = "event.decline.action" }, otherwise = "review",
  rows = {
    { action = { "retry_now", "retry_scheduled" }, outcome = "retry" },
    { action = { "request_new_method", "request_data_fix", "request_authentication",
                 "contact_issuer" }, outcome = "ask" },
    { action = "stop_and_respect", outcome = "leave" },
  },
}
f.retry   = charge { after = f.move.retry, via = "retry", tries = 4, at = policy "smart_retry" }
f.updated = await { event "payment_method.updated" } -- watches from the start
f.collect = charge { after = f.updated.arrived, via = "retry" }

f.email = send {
  after = any { f.move.ask, f.retry.declined, f.retry.refused, f.retry.needs_customer,
                f.retry.failed },
  via = "email", template = "payment_link", tries = 2, gap = hours(48),
  expect = any { event "link.clicked", event "payment_method.updated" },
}
f.grace = wait { after = f.email.responded, hours(24) } -- she looked, and has not paid yet
f.call = send {
  after = any { f.email.otherwise, f.grace.done },
  when = function(run) -- a call costs more than an e-mail, in money and in patience
    local amount = run.event.amount
    return amount >= at_least { eur "199", usd "199", gbp "179" }
      or run.failures >= 3 and amount >= at_least { eur "49", usd "49", gbp "45" }
  end,
  data = function(run) return { amount = run.event.amount } end,
  via = "voice", script = "payment_help", tries = 3, at = policy "another_band", callbacks = 1,
}
f.mail = send { -- the voicemail promised it
  after = f.call.voicemail, via = "email", template = "after_voicemail", requested = true,
}
f.kept = wait { after = f.call.promised, days(3) } -- time to keep her word
f.last = send {
  after = any { f.call.skipped, f.call.otherwise, f.kept.done },
  via = "sms", template = "last_notice",
}
f.note = record { what = "contact_result", after = any {
  f.email.opted_out, f.call.opted_out, f.call.refused, f.call.wrong_person, f.last.opted_out } }
f.human = handoff { queue = "billing", after = any {
  f.move.review, f.call.wants_human, f.call.dissatisfied, f.last.denied } }
f.leave = stop { after = f.move.leave, reason = "mandate_revoked" }
f.told  = record { what = "recovery_stopped", after = ended { "stopped" } }
ignore { f.collect.declined, f.collect.refused, f.collect.needs_customer, f.collect.failed,
         f.mail.failed, f.mail.bounced, f.last.failed, f.last.bounced }
return f

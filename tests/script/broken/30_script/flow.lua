local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
  goal  = event "payment.succeeded",
}
f.call = send { via = "voice", script = "help" }
f.talk = send {
  after = f.call.anything, via = "voice", script = "talk",
  data = function(run) return {} end,
}
f.man = handoff {
  after = any { f.call.wants_human, f.call.dissatisfied, f.talk.wants_human },
  queue = "billing",
}
return f

-- A call about a failed payment: ask what went wrong, offer a link, stay while it is used.
local s = script "payment_help" {
  facts   = { "amount" }, -- the send's data gives it; without it nobody is called
  answers = { reason = one_of { "no_funds", "bank_failure", "other" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
  on_goal = "paid_thanks",
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.why = ask {
  after = s.who.yes, text = "why", answer = "reason", tries = 2,
  hears = { "no_funds", "bank_failure", "other", "refused" },
}
s.offer = ask {
  after = any { s.why.no_funds, s.why.bank_failure, s.why.other, s.why.unclear },
  text = "offer", hears = { "send_link", "pay_later" }, tries = 2,
}
s.link = text { after = s.offer.send_link, via = "sms", template = "payment_link" }
s.paid = await { after = s.link.sent, event "payment.succeeded", within = minutes(4) }

s.bye = close {
  after = any { s.paid.expired, s.offer.pay_later, s.offer.unclear, s.offer.silent, s.why.silent,
                s.link.denied, s.link.failed },
  outcome = "promised", text = "bye",
}
s.no = close { after = any { s.who.no, s.why.refused }, outcome = "refused", text = "thanks" }
return s

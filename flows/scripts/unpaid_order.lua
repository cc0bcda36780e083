-- A call about a payment that the checkout could not take: why, and what would help right now.
local s = script "unpaid_order" {
  facts   = { "amount" }, -- beside it: methods that the shop offers for this order, tone, urgency
  answers = { reason = one_of { "no_funds", "bank_failure", "other" },
              method = one_of { "paypal", "transfer", "on_delivery" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
  on_goal = "paid_thanks",
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.why = ask {
  after = s.who.yes, text = "why", answer = "reason", tries = 2,
  hears = { "no_funds", "bank_failure", "other", "refused" },
}
s.help = ask {
  after = any { s.why.no_funds, s.why.bank_failure, s.why.other, s.why.unclear }, text = "help",
  hears = { "send_link", "other_method", "pay_later" }, tries = 2,
}
s.method = ask {
  after = s.help.other_method, text = "method", answer = "method", tries = 2,
  hears = { "paypal", "transfer", "on_delivery" },
}
s.switched = close {
  after = any { s.method.paypal, s.method.transfer, s.method.on_delivery },
  outcome = "switched_method", text = "switched",
}
s.link = text {
  after = any { s.help.send_link, s.method.unclear }, via = "sms", template = "order_link",
}
s.paid = await {
  after = s.link.sent, any { event "order.paid", event "payment.succeeded" }, within = minutes(4),
}
s.bye = close {
  after = any { s.paid.expired, s.help.pay_later, s.help.unclear, s.help.silent, s.why.silent,
                s.method.silent, s.link.denied, s.link.failed },
  outcome = "promised", text = "bye",
}
s.no = close { after = any { s.who.no, s.why.refused }, outcome = "refused", text = "thanks" }
return s

-- A call that says when the money comes. It sells nothing.
local s = script "refund" {
  facts  = { "amount", "expected_on", "method" },
  always = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.refund = ask { after = s.who.yes, text = "refund", hears = { "understood", "question" } }
s.bye = close {
  after = any { s.refund.understood, s.refund.unclear, s.refund.silent },
  outcome = "informed", text = "bye",
}
s.more = close { after = s.refund.question, outcome = "question", text = "bye" }
s.no = close { after = s.who.no, outcome = "unconfirmed", text = "bye" }
return s

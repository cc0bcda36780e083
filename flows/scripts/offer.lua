-- A short call with one offer and one question: may we tell more?
local s = script "offer" {
  facts  = { "offer" }, -- beside it: category, of her last order; best, for good customers
  always = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.more = ask { after = s.who.yes, text = "offer", hears = { "interested", "not_interested" } }
s.link = text { after = s.more.interested, via = "sms", template = "offer_link" }
s.yes = close {
  after = any { s.link.sent, s.link.denied, s.link.failed }, outcome = "interested", text = "yes",
}
s.no = close {
  after = any { s.more.not_interested, s.more.unclear, s.more.silent, s.who.no },
  outcome = "not_interested", text = "no",
}
return s

-- A call about an order that is paid at the door: is it meant, or should it stay here?
local s = script "confirm_order" {
  facts  = { "order", "total" },
  always = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.sure = ask {
  after = s.who.yes, text = "sure", hears = { "keep", "drop" }, tries = 2,
}
s.kept = close { after = s.sure.keep, outcome = "confirmed", text = "kept" }
s.dropped = close {
  after = any { s.sure.drop, s.sure.unclear, s.sure.silent, s.who.no },
  outcome = "refused", text = "dropped",
}
return s

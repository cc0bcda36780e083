-- A call about a parcel that came back: the times that the carrier offers, and which one suits.
local s = script "new_delivery" {
  facts   = { "first_slot" }, -- beside it: reason, second_slot
  answers = { slot = one_of { "first", "second" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.slot = ask {
  after = s.who.yes, text = "slot", answer = "slot", hears = { "first", "second", "neither" },
  tries = 2,
}
s.booked = close {
  after = any { s.slot.first, s.slot.second }, outcome = "rescheduled", text = "booked",
}
s.open = close {
  after = any { s.who.no, s.slot.neither, s.slot.unclear, s.slot.silent },
  outcome = "unconfirmed", text = "bye",
}
return s

-- A call on the eve of a pickup: two things to know, and a new day where it does not suit.
local s = script "pickup" {
  facts   = { "pickup_at" },
  answers = { availability = one_of { "available", "not_available" },
              item = one_of { "item_ready", "item_not_ready" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.home = ask {
  after = s.who.yes, text = "home", answer = "availability", tries = 2,
  hears = { "available", "not_available", "disputes" },
}
s.ready = ask {
  after = s.home.available, text = "ready", answer = "item", tries = 2,
  hears = { "item_ready", "item_not_ready", "disputes" },
}
s.other = ask { -- the day that she names comes as `slot`
  after = s.home.not_available, text = "other", tries = 2, hears = { "another_day", "disputes" },
}
s.yes = close { after = s.ready.item_ready, outcome = "confirmed", text = "confirmed" }
s.pack = close { after = s.ready.item_not_ready, outcome = "not_ready", text = "pack" }
s.moved = close { after = s.other.another_day, outcome = "reschedule", text = "rebooked" }
s.dispute = close {
  after = any { s.home.disputes, s.ready.disputes, s.other.disputes },
  outcome = "disputes", text = "person",
}
s.open = close {
  after = any { s.who.no, s.home.unclear, s.home.silent, s.ready.unclear, s.ready.silent,
                s.other.unclear, s.other.silent },
  outcome = "unconfirmed", text = "bye",
}
return s

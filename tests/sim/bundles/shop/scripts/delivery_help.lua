-- Ask for another day; text what was agreed.
local s = script "delivery_help" {
  facts   = { "order" },
  answers = { day = one_of { "tomorrow", "saturday" } },
  always  = { "wants_human", "opted_out", "callback", "wrong_person" },
  on_goal = "done",
}
s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who" }
s.day = ask {
  after = s.who.yes, text = "day", answer = "day", tries = 2,
  hears = { "tomorrow", "saturday", "never" },
}
s.slot = lookup {
  after = any { s.day.tomorrow, s.day.saturday }, from = "shop", what = "slot", within = seconds(3),
}
s.mail = text { after = any { s.slot.found, s.slot.late }, via = "sms", template = "agreed" }
s.bye = close {
  after = any { s.mail.sent, s.mail.denied, s.mail.failed }, outcome = "rebooked", text = "bye",
}
s.no = close {
  after = any { s.who.no, s.day.never, s.slot.missing }, outcome = "refused", text = "bye",
}
return s

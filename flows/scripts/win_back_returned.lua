-- To who sent the last order back: first what was wrong with it, then, if at all, an offer.
local s = script "win_back_returned" {
  facts   = { "offer" },
  answers = { wrong = one_of { "size", "quality", "late", "other" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.wrong = ask {
  after = s.who.yes, text = "wrong", answer = "wrong",
  hears = { "size", "quality", "late", "other", "not_interested" },
}
s.more = ask {
  after = any { s.wrong.size, s.wrong.quality, s.wrong.late, s.wrong.other }, text = "offer",
  hears = { "interested", "not_interested" },
}
s.yes = close { after = s.more.interested, outcome = "interested", text = "yes" }
s.no = close {
  after = any { s.wrong.not_interested, s.wrong.unclear, s.wrong.silent, s.more.not_interested,
                s.more.unclear, s.more.silent, s.who.no },
  outcome = "not_interested", text = "no",
}
return s

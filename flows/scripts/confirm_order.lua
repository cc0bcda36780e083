-- A call about an order that is paid at the door: is it meant, where to, and will she be there?
local s = script "confirm_order" {
  facts   = { "order", "amount" }, -- beside them: items, address, delivery_date, risk
  answers = { details = one_of { "details_confirmed", "cancel" },
              address = one_of { "address_confirmed", "address_corrected" },
              availability = one_of { "available", "not_available" } },
  always  = { "wants_human", "dissatisfied", "opted_out", "callback", "wrong_person" },
}

s.hello = say { text = "hello" }
s.who = verify { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
s.details = ask {
  after = s.who.yes, text = "details", answer = "details", tries = 2,
  hears = { "details_confirmed", "change_order", "cancel" },
}
s.address = ask {
  after = s.details.details_confirmed, text = "address", answer = "address", tries = 2,
  hears = { "address_confirmed", "address_corrected" },
}
s.home = ask {
  after = s.address.address_confirmed, text = "home", answer = "availability", tries = 2,
  hears = { "available", "not_available" },
}
s.yes = close { after = s.home.available, outcome = "confirmed", text = "confirmed" }
s.moved = close {
  after = s.address.address_corrected, outcome = "address_corrected", text = "corrected",
}
s.away = close { after = s.home.not_available, outcome = "not_available", text = "away" }
s.cancelled = close { after = s.details.cancel, outcome = "cancelled", text = "cancelled" }
s.change = close { after = s.details.change_order, outcome = "wants_change", text = "change" }
s.open = close {
  after = any { s.who.no, s.details.unclear, s.details.silent, s.address.unclear, s.address.silent,
                s.home.unclear, s.home.silent },
  outcome = "unconfirmed", text = "bye",
}
return s

local s = script "slots" { always = { "wants_human", "dissatisfied" } }
s.hello = say { text = "hello" }
s.free  = lookup { after = s.hello.done, from = "shop", what = "slots", within = seconds(3) }
s.ask   = ask { after = s.free.found, text = "ask", hears = { "yes", "no" } }
s.hand  = transfer { after = any { s.free.missing, s.free.late, s.ask.no }, queue = "people" }
s.bye   = close { after = any { s.ask.yes, s.hand.accepted }, outcome = "agreed", text = "bye" }
s.sorry = close {
  after = any { s.hand.declined, s.ask.unclear, s.ask.silent }, outcome = "later", text = "bye",
}
return s

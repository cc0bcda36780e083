local s = script "remind" { always = { "wants_human", "dissatisfied" } }
s.hello = say { text = "hello" }
s.ask   = ask { after = s.hello.done, text = "ask", hears = { "yes", "no" } }
s.bye   = close {
  after = any { s.ask.yes, s.ask.no, s.ask.unclear, s.ask.silent },
  outcome = "agreed", text = "bye",
}
return s

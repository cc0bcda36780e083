local s = script "help" {
  facts  = { "amount" },
  always = { "wants_human", "opted_out" },
}
s.hello = say   { text = "hello" }
s.offer = ask   { after = s.hello.done, text = "offer", hears = { "later" } }
s.bye   = close { after = s.offer.otherwise, outcome = "promised", text = "bye" }
s.later = close { after = s.offer.later, outcome = "promised", text = "bye" }
return s

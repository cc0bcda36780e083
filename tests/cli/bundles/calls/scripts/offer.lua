local s = script "offer" { always = { "wants_human", "dissatisfied" } }
s.bye = close { outcome = "told", text = "bye" }
return s

local s = script "help" { always = { "wants_human" } }
s.hello = say { text = "hello" }
s.bye   = close { after = s.hello.done, outcome = "told", text = "bye" }
return s

-- A campaign that writes often.
local f = flow "win_back" {
  start = any { event "cart.abandoned", event "order.unpaid" }, goal = event "order.paid",
  purpose = "marketing", expire = days(14),
}
f.mail = send { via = "email", template = "note", tries = 3, gap = hours(30),
                expect = event "order.changed" }
f.wait = wait { after = f.mail, hours(20) }
f.text = send { after = f.wait.done, via = "sms", template = "note" }
ignore { f.mail.failed, f.mail.bounced, f.text.failed, f.text.bounced }
return f

local f = flow "refund" {
  start = event "refund.initiated", key = "return_id", purpose = "service", expire = days(7),
}
f.text = send { via = "sms", template = "refund" }
f.later = wait { after = f.text.delivered, days(3) }
f.check = send { after = f.later.done, via = "sms", template = "refund" }
ignore { f.text, f.check }
return f

local f = flow "win_back" {
  start = event "customer.updated", purpose = "marketing", expire = days(7),
  when = function() return false end, -- for nobody yet
}
f.mail = send { via = "email", template = "failed" }
ignore { f.mail }
return f

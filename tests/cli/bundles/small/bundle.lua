-- Everything succeeds at once, but for the rules: what is put off or refused is so by contact.lua.
local quiet = { open = 0, stop = 0 }

return bundle {
  name = "small", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {
    email = plugin "relance.sandbox" { as = "email", class = "keyed", react = quiet },
    sms   = plugin "relance.sandbox" { as = "sms", class = "keyed", react = quiet },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
}

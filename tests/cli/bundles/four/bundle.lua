-- A shop with four flows about one customer, whose calls keep two days' distance.
local quiet = { open = 0, stop = 0 }

return bundle {
  name = "four", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {
    email = plugin "relance.sandbox" { as = "email", class = "keyed", react = quiet },
    sms   = plugin "relance.sandbox" { as = "sms", class = "keyed", react = quiet },
    voice = plugin "relance.sandbox" {
      as = "voice", answers = { picked_up = 1 }, silent = 0, hang_up = 0,
      talk = { ask = { yes = 1 } },
    },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  understanding = { plugin "relance.understand.keys" {} },
  queues = { people = { lease = minutes(30) } },
}

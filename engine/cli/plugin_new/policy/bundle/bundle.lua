-- A shop that leaves the time of its tries to the policy. The sandbox plays the customers.
return bundle {
  name = "try", currency = "EUR", zone = "Europe/Paris", locale = "en",
  channels = { sms = plugin "relance.sandbox" { as = "sms", class = "keyed" } },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  policies = {
    evening = plugin "@ID@" { tries = 3, evening = "18:30" },
  },
}

-- A payment provider that never tells what became of an attempt, and honours no key for long: every
-- charge is parked. Of a letter nobody knows either.
return bundle {
  name = "parked", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {
    retry = plugin "test.unsettled" {},
    email = plugin "relance.sandbox" { as = "email", class = "keyed", react = { open = 0 } },
    post  = plugin "relance.sandbox" { as = "email", class = "blind", faults = { unknown = 1 } },
  },
  connectors = { shop = plugin "relance.sandbox" { as = "connector", class = "blind" } },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
}

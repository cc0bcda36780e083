-- A shop to try the flow-test library on: every kind of step, every kind of channel.
return bundle {
  name = "test_shop", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Test Shop, nowhere",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed" },
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup" },
    voice = plugin "relance.sandbox" { as = "voice", class = "lookup" },
  },
  crm        = plugin "relance.crm.csv" { file = "customers.csv" },
  connectors = { shop = plugin "relance.commerce.rest" { url = "http://127.0.0.1:1" } },
  policies   = { evening = "policies/evening.lua" },
  queues     = { desk = { lease = minutes(30) } },
}

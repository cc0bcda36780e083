return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "en",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry" },
    email = plugin "relance.sandbox" { as = "email" },
    sms   = plugin "relance.sandbox" { as = "sms" },
    voice = plugin "relance.sandbox" { as = "voice" },
  },
  crm        = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  connectors = { shop = plugin "relance.commerce.rest" { url = "http://127.0.0.1:8081" } },
  policies   = { evening = "policies/evening.lua" },
  queues     = { billing = { lease = minutes(30), desk = "emial", accept = minutes(0) } },
}

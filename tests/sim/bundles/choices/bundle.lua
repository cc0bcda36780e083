-- A shop whose flows choose channels and times, and start each other.
return bundle {
  name = "choosing_shop", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Choosing Shop, nowhere",
  channels = {
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup" },
    voice = plugin "relance.sandbox" { as = "voice", class = "lookup" },
  },
  crm      = plugin "relance.crm.csv" { file = "customers.csv" },
  policies = {
    ladder = plugin "relance.policy.ladder" {
      gates  = { voice = { amount = eur "199", failures = 3 } },
      orders = { { segment = "vip", action = "contact_issuer", order = { "voice" } } },
    },
    best_time = plugin "relance.policy.best_time" {
      segments = { vip = { ["18:00"] = 0.4 }, ["*"] = { ["12:00"] = 0.2 } },
    },
    last_heard = "policies/last_heard.lua",
  },
  queues = { desk = { lease = minutes(30) } },
}

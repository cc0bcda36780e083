-- A shop that sells by subscription, by order and cash on delivery. Every channel, and the shop's
-- own system, is played by the sandbox provider: nothing leaves the machine. To go live, name real
-- plugins here; flows, templates and rules stay as they are.
local pays = { new = 0.9, loyal = 1.1, business = 1.2 } -- how much likelier each segment pays

return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  controller = "Lumen Shop SAS, 1 rue de la Paix, Paris",
  link = "https://pay.example.com/", -- messages add a token of their run
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed", segments = pays },
    email = plugin "relance.sandbox" { as = "email", class = "keyed", segments = pays },
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup", segments = pays },
    voice = plugin "relance.sandbox" { as = "voice", class = "lookup", segments = pays },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  connectors = { shop = plugin "relance.sandbox" { as = "shop" } }, -- relance.commerce.rest
  policies = {
    smart_retry  = plugin "relance.policy.smart_retry" {},
    another_band = plugin "relance.policy.another_band" {},
  },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = {
    billing = { lease = minutes(30) }, orders = { lease = minutes(15) },
    returns = { lease = minutes(30) },
  },
  attribution = days(7), -- a touch up to so long before the payment is credited with it
}

-- Flows that meet at one customer in every way that the contact rules speak of.
return bundle {
  name = "crowded", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Crowded Shop, 1 rue de la Paix, Paris",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed" },
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup" },
  },
  crm        = plugin "relance.sandbox" { as = "connector" },
  connectors = { shop = plugin "relance.sandbox" { as = "connector" } },
  queues     = { desk = { lease = hours(8) } },
}

-- One call with a look-up and a person who may take over; and one that no contact rule lets pass.
return bundle {
  name = "calls", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels   = { voice = plugin "relance.sandbox" { as = "voice" } },
  crm        = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  connectors = { shop = plugin "relance.sandbox" { as = "connector" } },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = { people = { lease = minutes(30) } },
}

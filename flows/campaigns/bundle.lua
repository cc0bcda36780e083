-- A shop that writes to customers by itself: who has been away for long, and who the CRM says is
-- worth a word. Every channel is played by the sandbox provider: nothing leaves the machine.
return bundle {
  name = "campaigns", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Lumen Shop SAS, 1 rue de la Paix, Paris",
  channels = {
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
    voice = plugin "relance.sandbox" { as = "voice", class = "lookup" },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = { care = { lease = minutes(30) } },
}

-- Every failed payment is a person's case; automation goes on with what she says.
return bundle {
  name = "desk", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "A shop, Paris",
  channels = { email = plugin "relance.sandbox" { as = "email", class = "keyed" } },
  crm      = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  queues   = { billing = { lease = minutes(30) } },
}

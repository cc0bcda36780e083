-- A shop with one system of record, to try the plugin in. The channel writes into the log.
return bundle {
  name = "try", currency = "EUR", zone = "Europe/Paris", locale = "en",
  channels = { sms = plugin "relance.template" {} },
  crm = plugin "@ID@" {},
}

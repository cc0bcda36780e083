-- A shop with one channel, to try the plugin in.
return bundle {
  name = "try", currency = "EUR", zone = "Europe/Paris", locale = "en",
  channels = {
    sms = plugin "@ID@" {},
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
}

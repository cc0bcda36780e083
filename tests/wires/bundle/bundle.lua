-- A shop on real connections: Stripe and Twilio as fakes over HTTP, a mail server, Kannel. The
-- words in capitals are put in by the stage.
return bundle {
  name = "wires", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "A shop", link = "https://pay.example.com/",
  channels = {
    retry = plugin "relance.retry.stripe" { base_url = "STRIPE", api_key = secret "STRIPE_KEY" },
    email = plugin "relance.email.smtp" { url = "SMTP", from = "Shop <shop@example.com>" },
    sms   = plugin "relance.sms.kannel" {
      url = "KANNEL", username = "relance", password = secret "KANNEL_PASSWORD", from = "SHOP",
    },
    voice = plugin "relance.voice.twilio" {
      api_url = "TWILIO", account_sid = "TWILIO_SID", auth_token = secret "TWILIO_TOKEN",
      from = "+33187000000",
    },
  },
  sources = {
    payments = plugin "relance.source.stripe" { signing_secret = secret "STRIPE_SIGNING" },
  },
  crm = plugin "relance.crm.csv" { file = "customers.csv" },
  queues = { billing = { lease = minutes(1) } },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
}

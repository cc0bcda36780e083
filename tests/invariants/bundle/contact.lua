return contact {
  windows = {
    sms = between("09:00", "20:00"),
    { purpose = "marketing", channel = any_channel, between("10:00", "19:00", "mon-fri") },
  },
  caps = {
    { channel = any_channel, at_most = 4, per = days(2) },
    { purpose = "marketing", channel = any_channel, at_most = 1, per = days(1) },
  },
  gap     = hours(2),
  markers = {
    return_open = {
      opens = event "return.approved", key = "return_id",
      closes = any { event "return.closed", event "return.processed" },
    },
    in_support = { opens = event "support.opened", closes = event "support.closed" },
  },
  exclusions = {
    never { purpose = "marketing", during = "return_open", within = days(7), act = "drop" },
    never { any_flow, during = "in_support", act = "wait" },
    mutex { "delivery_retry", "cod_confirmation", within = hours(24) },
    max { channel = "sms", at_most = 2, per = days(1) },
  },
  suppress = { "opted_out", responded_to_campaign },
  priority = { "delivery_retry", "cod_confirmation", "payment_recovery", "win_back" },
}

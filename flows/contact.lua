-- When, how often and whom this shop may contact, whatever the flow. Times are the customer's.
return contact {
  windows = {
    voice = between("09:00", "21:00"),
    sms   = between("09:00", "21:00"),
    email = between("07:00", "22:00"),
    { purpose = "marketing", channel = any_channel, between("10:00", "20:00", "mon-fri") },
  },
  caps = {
    { channel = any_channel, at_most = 5, per = days(7) },
    { channel = "voice", at_most = 1, per = days(1) },
    { purpose = "marketing", channel = any_channel, at_most = 1, per = days(7) },
  },
  gap      = hours(4), -- between any two touches
  opening  = { spread = minutes(30) }, -- what was held leaves one by one, each customer's best
  markers  = { -- what a customer is in the middle of
    return_open = {
      opens = event "return.approved", key = "return_id",
      closes = any { event "return.closed", event "return.processed", event "return.rejected" },
    },
    in_support_case = { opens = event "support.opened", closes = event "support.closed",
                        key = "case_id", at_most = days(30) },
    parcel_astray = {
      opens = event "delivery.failed", key = "shipment_id", at_most = days(14),
      closes = any { event "delivery.done", event "delivery.rescheduled" },
    },
  },
  exclusions = { -- what must not meet, whatever the flow
    never { purpose = "marketing", during = "return_open", within = days(7), act = "drop" },
    never { purpose = "marketing", during = "parcel_astray", within = days(2), act = "drop" },
    never { "delivery_retry", during = "in_support_case", act = "drop" }, -- she has asked already
    never { any_flow, during = "in_support_case", act = "wait" },
    mutex { "delivery_retry", "cod_confirmation", within = hours(24) },
    max { channel = "voice", at_most = 7, per = days(7) }, -- as 12 CFR 1006.14(b)(2) for debts
  },
  packs    = { "FR", "US" }, -- what the law of these countries adds
  suppress = { "opted_out", "wrong_person", responded_to_campaign },
  priority = { -- who goes first where there is not room for all
    "delivery_retry", "cod_confirmation", "unpaid_order", "payment_recovery", "return_pickup",
    "refund_status", "delivery_update", "win_back", "campaign",
  },
}

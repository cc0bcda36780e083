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
  suppress = { "opted_out", "wrong_person" },
  priority = { "payment_recovery" },
}

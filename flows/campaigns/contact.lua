-- When and how often this shop may contact whom. Times are the customer's.
return contact {
  windows = {
    voice = between("09:00", "21:00"),
    email = between("07:00", "22:00"),
  },
  caps = {
    { channel = any_channel, at_most = 3, per = days(7) },
    { purpose = "marketing", channel = any_channel, at_most = 1, per = days(7) },
  },
  gap      = hours(4),
  suppress = { "opted_out", "wrong_person" },
  priority = { "campaign", "win_back" },
}

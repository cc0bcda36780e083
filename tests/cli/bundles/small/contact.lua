return contact {
  windows = { email = between("10:00", "20:00") },
  caps    = { { channel = "sms", at_most = 1, per = days(30) } },
}

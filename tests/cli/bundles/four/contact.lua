return contact {
  windows = { voice = between("09:00", "18:00") },
  caps    = { { channel = "voice", at_most = 1, per = days(2) } },
}

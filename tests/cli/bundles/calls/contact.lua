return contact {
  windows = { { purpose = "marketing", channel = "voice", between("03:00", "03:30", "sun") } },
}

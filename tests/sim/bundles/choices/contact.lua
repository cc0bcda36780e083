return contact {
  windows  = { voice = between("09:00", "21:00") },
  suppress = { "opted_out" },
}

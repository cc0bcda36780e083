-- Two messages, one after the other, through providers that answer a little after they have acted:
-- the time in which a crash hurts. The crash storm puts each delivery class in the place of CLASS.
local function provider()
  return plugin "relance.sandbox" {
    as = "email", class = "CLASS", index_lag_ms = 100, delay_ms = 5, answer_after_ms = 25,
    react = { open = 0, stop = 0 },
  }
end

return bundle {
  name = "storm", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = { first = provider(), second = provider() },
  crm = plugin "relance.sandbox" { as = "crm", class = "keyed" },
}

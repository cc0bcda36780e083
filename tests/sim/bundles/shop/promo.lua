-- What marketing may do: nothing without consent, and in the evening only.
local f = flow "promo" {
  start   = event "order.placed",
  key     = "order_id",
  purpose = "marketing",
  expire  = days(30),
}
f.offer = send { via = "email", template = "reminder", at = policy "evening" }
ignore { f.offer.failed, f.offer.bounced }
return f

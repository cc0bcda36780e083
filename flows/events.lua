-- This shop's own fields, laid over the shipped event catalogue.
return events {
  ["payment.failed"] = { plan = text },
}

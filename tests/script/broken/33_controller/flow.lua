local f = flow "flow" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery",
}
f.man = handoff { queue = "billing", lost = "returned" }
return f

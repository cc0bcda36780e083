local f = flow "flow" { start = event "payment.failed", key = "invoice_id" }
f.mail = send { template = "pay" }
f.pause = wait {}
f.keep = hold { on = "shop", op = "hold_order", undo = "release_order" }
return f

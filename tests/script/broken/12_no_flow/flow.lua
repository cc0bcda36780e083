return { start = "payment.failed" }

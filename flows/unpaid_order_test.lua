-- An order that is not paid: what happens while she is still there, and what when she left.

local function rejected(fields)
  local data = { checkout_id = "k-1", amount = eur "149", context = "checkout", attempt_no = 1,
                 decline = { provider = "stripe", raw_code = "insufficient_funds" } }
  for name, value in pairs(fields or {}) do data[name] = value end
  return sim.start("unpaid_order", data, "payment.failed")
end

local function left(amount, kind)
  local data = { checkout_id = "k-1", order_id = "o-1", amount = amount or eur "149" }
  return sim.start("unpaid_order", data, kind or "cart.abandoned")
end

describe("unpaid order", function()
  describe("starts", function()
    for _, kind in ipairs { "cart.abandoned", "order.unpaid" } do
      it("[S0-01] with " .. kind, function()
        local run = left(nil, kind)
        run:advance(hours(1))
        assert.equal("left", run:outcome("case"))
        assert.equal(1, #run:touches { channel = "email" })
      end)
    end

    it("[S0-01] not with a cart that is hardly worth a word; an order of that size does", function()
      sim.event("cart.abandoned", { checkout_id = "k-1", amount = eur "12" })
      sim.event("order.unpaid", { checkout_id = "k-2", amount = eur "12" })
      sim.advance(hours(1))
      assert.equal(1, #sim.runs { flow = "unpaid_order" })
    end)

    it("[S0-10] with a payment that the gateway rejected, and knows why", function()
      local run = rejected { attempt_no = 2 }
      run:advance(minutes(1))
      assert.equal("rejected", run:outcome("case"))
      assert.equal(0, #sim.runs { flow = "payment_recovery" })
    end)
  end)

  describe("while she is at the checkout", function()
    it("[S0-11][S0-12] calls at once", function()
      local run = rejected()
      run:channel("voice"):will(talk { why = "no_funds", help = "pay_later" })
      run:advance(minutes(1))
      assert.equal(1, #run:touches { channel = "voice" })
      assert.equal(0, #run:touches { channel = "email" })
    end)

    it("[S0-13] does not call when the shop says just before that it is paid", function()
      local run = rejected()
      run:connector("shop"):will("order", { "found", paid = true })
      run:advance(minutes(1))
      assert.equal("goal", run:ended())
      assert.equal(0, run:contacts())
    end)

    it("[S0-14] offers what the shop offers, and takes another method", function()
      sim.customer { id = "c-1", locale = "en" }
      local run = rejected()
      run:connector("shop"):will("payment_methods",
        { "found", methods = { { id = "paypal", text = "by PayPal" } } })
      run:channel("voice"):will(talk { why = "bank_failure", help = "other_method",
                                       method = "paypal" })
      run:advance(minutes(2))
      assert.equal("switched_method", run:outcome("call"))
      assert.equal(1, run:acts("set_payment_method"))
      assert.equal("done", run:outcome("switch"))
    end)

    for _, reason in ipairs { "no_funds", "bank_failure", "other" } do
      it("[S0-15][S0-16] hears the reason " .. reason, function()
        local run = rejected()
        run:channel("voice"):will(talk { why = reason, help = "pay_later" })
        run:advance(minutes(5))
        assert.equal("promised", run:outcome("call"))
      end)
    end

    it("[S0-16] takes a no for an answer", function()
      local run = rejected()
      run:channel("voice"):will(talk { why = "refused" })
      run:advance(days(2))
      assert.equal("refused", run:outcome("call"))
      assert.equal("written", run:outcome("note"))
      assert.equal(1, run:contacts())
    end)

    it("[S0-17] texts a link during the call, and ends when it is paid", function()
      local run = rejected()
      run:channel("voice"):will(talk { why = "other", help = "send_link", lasts = minutes(6) })
      run:after("call", minutes(3)):event("payment.succeeded")
      run:advance(days(1))
      assert.equal("goal", run:ended())
      assert.equal(1, #run:touches { channel = "sms" })
      assert(run:ended_at() < run:touches { channel = "voice" }[1].done_at)
    end)

    for _, step in ipairs { "why", "help", "method" } do
      it("[S0-18] brings in a person at the question " .. step, function()
        local run = rejected()
        local turns = { why = "other", help = "other_method" }
        turns[step] = "wants_human"
        run:channel("voice"):will(talk(turns))
        run:advance(minutes(5))
        assert.is_not_nil(run:packet("human"))
      end)
    end

    it("[S0-06] waits for the window where it is night", function()
      sim.at("2026-01-05T22:30:00Z")
      local run = rejected()
      run:advance(hours(8))
      assert.equal(0, run:contacts())
      run:advance(hours(2))
      assert.equal(1, run:contacts())
    end)
  end)

  describe("when she left", function()
    it("[S0-09] says nothing when she comes back by herself", function()
      local run = left()
      run:advance(minutes(20))
      run:event("order.paid")
      run:advance(days(2))
      assert.equal("goal", run:ended())
      assert.equal(0, run:contacts())
    end)

    it("takes cash on delivery for a payment", function()
      local run = left()
      run:event("order.placed", { payment_method = "cod", order_id = "o-1" })
      run:advance(minutes(1))
      assert.equal("goal", run:ended())
    end)

    it("[S0-11] mails, calls where it is worth it, and texts last", function()
      local run = left()
      run:advance(days(3))
      assert.equal("ignored", run:outcome("mail"))
      assert.equal("no_answer", run:outcome("call"))
      assert.equal("delivered", run:outcome("last"))
      assert.equal(3, run:contacts())
      assert.equal("completed", run:ended())
    end)

    it("does not call for a small order", function()
      local run = left(eur "39")
      run:advance(days(3))
      assert.equal("skipped", run:outcome("call"))
      assert.equal(2, run:contacts())
    end)

    it("gives a day to who looked at it", function()
      local run = left()
      run:after("mail", hours(2)):event("link.clicked")
      run:advance(hours(20))
      assert.equal("responded", run:outcome("mail"))
      assert.equal(1, run:contacts())
      run:advance(days(1))
      assert.equal("delivered", run:outcome("last"))
    end)

    it("speaks of the amount that the order has now", function()
      sim.customer { id = "c-1", locale = "en" }
      local run = left()
      run:event("checkout.updated", { amount = eur "99" })
      run:advance(hours(1))
      assert.matches("€99.00", run:rendered("mail").text)
    end)

    for _, kind in ipairs { "order.cancelled", "fraud.suspected" } do
      it("[S0-28] is silent after " .. kind, function()
        local run = left()
        run:event(kind)
        run:advance(days(2))
        assert.equal("stopped", run:ended())
        assert.equal(0, run:contacts())
      end)
    end

    it("[S0-26] does without a profile", function()
      local run = left()
      run:connector("crm"):will("read", "missing")
      run:connector("shop"):will("payment_methods", "failed")
      run:advance(hours(1))
      assert.equal("left", run:outcome("case"))
    end)
  end)
end)

-- Every edge of the recovery flow, and the three stories it was built for.

-- A failed payment that is like all others but for `fields`.
local function failed(fields)
  local data = { invoice_id = "i-1", amount = eur "49", decline = { action = "retry_scheduled" } }
  for name, value in pairs(fields or {}) do data[name] = value end
  return data
end

local function start(fields) return sim.start("payment_recovery", failed(fields)) end

-- The card itself is the problem, so the first move is an e-mail.
local new_card = { action = "request_new_method" }

local function called(run) return #run:touches { channel = "voice" } > 0 end

local function start_dear() return start { amount = eur "499", decline = new_card } end

describe("payment recovery", function()
  describe("[S2-06] in three stories", function()
    it("[S2-26][S2-14] recovers a soft decline at the second try; nobody is contacted", function()
      local run = start { decline = { action = "retry_scheduled" } }
      run:channel("retry"):will("declined", "recovered")
      run:advance(days(14))
      assert.equal("goal", run:ended())
      assert.equal(2, #run:touches { channel = "retry" })
      assert.equal(0, run:contacts())
    end)

    it("[S2-27] asks for a new card with one e-mail and charges it once", function()
      local run = start { amount = eur "199", decline = { raw_code = "expired_card" } }
      run:channel("retry"):will("recovered")
      run:after("email", hours(2)):event("payment_method.updated")
      run:advance(hours(1))
      assert.equal(0, #run:touches { channel = "retry" })
      run:advance(days(27))
      assert.equal("goal", run:ended())
      assert.equal(1, #run:touches { channel = "retry" })
      assert.equal(1, #run:touches { channel = "email" })
      assert.equal(1, run:contacts())
    end)

    it("[S2-28][S0-17] calls who ignored two e-mails, texts a link, ends when paid", function()
      local run = start_dear()
      run:channel("voice"):will(talk { why = "no_funds", offer = "send_link", lasts = minutes(6) })
      run:after("call", minutes(3)):event("payment.succeeded")
      run:advance(days(14))
      assert.equal("goal", run:ended())
      assert.equal(2, #run:touches { channel = "email" })
      local call, link = run:touches { channel = "voice" }[1], run:touches { channel = "sms" }[1]
      assert.equal(1, #run:touches { channel = "voice" })
      assert(call.sent_at < link.sent_at and link.sent_at < call.done_at)
      assert(run:ended_at() < call.done_at, "the run ends before the caller hangs up")
      assert.equal(4, run:contacts())
    end)
  end)

  describe("starts", function()
    it("not for a customer who is still at the checkout", function()
      sim.event("payment.failed", failed { context = "checkout" })
      sim.advance(days(1))
      assert.equal(0, #sim.runs())
    end)

    it("[S2-11] once per invoice: a later failure joins", function()
      local run = start()
      run:advance(hours(1))
      sim.event("payment.failed", failed { attempt_no = 2 })
      sim.event("payment.failed", failed { invoice_id = "i-2" })
      run:advance(hours(1))
      assert.equal(2, #sim.runs { flow = "payment_recovery" })
      assert.is_nil(run:ended())
    end)

    it("also for a customer whom the CRM does not know", function()
      local run = start()
      run:connector("crm"):will("read", "missing")
      run:channel("retry"):will("recovered")
      run:advance(days(14))
      assert.equal("missing", run:outcome("profile"))
      assert.equal("goal", run:ended())
    end)

    it("also while the CRM is down", function()
      local run = start()
      run:connector("crm"):will("read", "failed")
      run:channel("retry"):will("recovered")
      run:advance(days(14))
      assert.equal("failed", run:outcome("profile"))
      assert.equal("goal", run:ended())
    end)
  end)

  describe("lets the decline decide the first move:", function()
    for _, action in ipairs { "retry_now", "retry_scheduled" } do
      it("[S2-08] " .. action .. " is charged again", function()
        local run = start { decline = { action = action } }
        run:advance(days(1))
        assert.equal("retry", run:outcome("move"))
        assert.equal(0, run:contacts())
      end)
    end

    for _, action in ipairs { "request_new_method", "request_data_fix", "request_authentication",
                              "contact_issuer" } do
      it("[S2-08] " .. action .. " is asked for by e-mail, and not charged", function()
        local run = start { decline = { action = action } }
        run:advance(hours(1))
        assert.equal("ask", run:outcome("move"))
        assert.equal(1, #run:touches { channel = "email" })
        assert.equal(0, #run:touches { channel = "retry" })
      end)
    end

    it("[S2-08] who took the mandate back is left alone", function()
      local run = start { decline = { action = "stop_and_respect" } }
      run:advance(days(1))
      assert.equal("stopped", run:ended())
      assert.equal("written", run:outcome("told"))
      assert.equal(0, #run:touches())
    end)

    for _, action in ipairs { "review_fraud", "fix_integration" } do
      it("[S2-08] " .. action .. " goes to a person", function()
        local run = start { decline = { action = action } }
        run:advance(hours(1))
        assert.equal("review", run:outcome("move"))
        assert.is_not_nil(run:packet("human"))
        assert.equal(0, run:contacts())
      end)
    end
  end)

  describe("goes from the charge", function()
    it("[S2-04] to an e-mail when every try was declined", function()
      local run = start()
      run:channel("retry"):will("declined")
      run:advance(days(25))
      assert.equal("declined", run:outcome("retry"))
      assert.equal(4, #run:touches { channel = "retry" })
      assert(#run:touches { channel = "email" } > 0)
    end)

    for _, word in ipairs { "refused", "needs_customer", "failed" } do
      it("[S2-04] to an e-mail at once when it is " .. word, function()
        local run = start { decline = { action = "retry_now" } }
        run:channel("retry"):will(word)
        run:advance(days(1))
        assert.equal(word, run:outcome("retry"))
        assert.equal(1, #run:touches { channel = "retry" })
        assert.equal(1, #run:touches { channel = "email" })
      end)
    end
  end)

  describe("charges an updated card", function()
    it("and goes on asking when that is declined too", function()
      local run = start { decline = new_card }
      run:channel("retry"):will("declined")
      run:after("email", hours(2)):event("payment_method.updated")
      run:advance(days(7))
      assert.equal("declined", run:outcome("collect"))
      assert.equal("responded", run:outcome("email"))
      assert.equal("delivered", run:outcome("last"))
    end)

    it("even before the first e-mail is due", function()
      local run = start()
      run:channel("retry"):will("recovered")
      run:event("payment_method.updated")
      run:advance(hours(2))
      assert.equal("goal", run:ended())
      assert.equal(0, run:contacts())
    end)
  end)

  describe("goes from the e-mail", function()
    it("[S2-04] to a call when two were ignored", function()
      local run = start_dear()
      run:advance(days(5))
      assert.equal("ignored", run:outcome("email"))
      assert.equal(2, #run:touches { channel = "email" })
      assert(called(run))
    end)

    for _, word in ipairs { "failed", "bounced" } do
      it("[S2-04] to a call at once when it " .. word, function()
        local run = start_dear()
        run:channel("email"):will(word)
        run:advance(days(1))
        assert.equal(word, run:outcome("email"))
        assert(called(run))
      end)
    end

    it("to a call where there is no mailbox", function()
      sim.customer { id = "c-1", email = false }
      local run = start_dear()
      run:advance(days(1))
      assert.equal("denied", run:outcome("email"))
      assert.equal("no_address", run:reason("email"))
      assert(called(run))
    end)

    it("[S2-17] to a day of grace when she clicked, then to a call", function()
      local run = start_dear()
      run:after("email", hours(1)):event("link.clicked")
      run:advance(hours(20))
      assert.equal("responded", run:outcome("email"))
      assert(not called(run))
      run:advance(hours(24))
      assert(called(run))
    end)

    it("nowhere when she opted out; that is noted", function()
      local run = start_dear()
      run:channel("email"):will("opted_out")
      run:advance(days(14))
      assert.equal(1, run:contacts())
      assert.equal("written", run:outcome("note"))
    end)
  end)

  describe("[S2-18][S2-30] calls only where it pays:", function()
    it("not for a small amount", function()
      local run = start { amount = eur "19", decline = new_card }
      run:advance(days(5))
      assert.equal("skipped", run:outcome("call"))
      assert.equal("delivered", run:outcome("last"))
    end)

    it("[S2-03] for a middling amount that failed again and again", function()
      local run = start { amount = eur "59" }
      run:channel("retry"):will("declined")
      run:advance(days(27))
      assert(called(run))
    end)

    it("for a large amount in another currency", function()
      local run = start { amount = usd "250", decline = new_card }
      run:advance(days(5))
      assert(called(run))
    end)

    it("never on a guess: an amount that cannot be compared fails the step", function()
      local run = start { amount = money("PLN", "900"), decline = new_card }
      run:advance(days(5))
      assert.equal("failed", run:outcome("call"))
      assert.equal("delivered", run:outcome("last"))
    end)
  end)

  describe("goes from the call", function()
    for _, word in ipairs { "no_answer", "busy" } do
      it("to a last text when it meets " .. word .. " three times", function()
        local run = start_dear()
        run:channel("voice"):will(word)
        run:advance(days(10))
        assert.equal(word, run:outcome("call"))
        assert.equal(3, #run:touches { channel = "voice" })
        assert.equal("delivered", run:outcome("last"))
      end)
    end

    it("[S1-49] to calls at other times of the day, though one a day is all she gets", function()
      local run = start_dear()
      run:channel("voice"):will("no_answer")
      run:advance(days(10))
      local seen, calls = {}, run:touches { channel = "voice" }
      for _, call in ipairs(calls) do -- in Paris, in winter: morning, noon, afternoon, evening
        local hour = tonumber(call.sent_at:sub(12, 13)) + 1
        local band = hour < 12 and "morning" or hour < 14 and "noon" or hour < 18 and "afternoon"
          or "evening"
        assert.equal(nil, seen[band])
        seen[band] = true
      end
      assert.equal(3, #calls)
    end)

    it("to a last text where there is no number to call", function()
      sim.customer { id = "c-1", phone = false }
      local run = start_dear()
      run:advance(days(5))
      assert.equal("denied", run:outcome("call"))
      assert.equal("no_address", run:reason("call"))
    end)

    for _, word in ipairs { "hung_up", "screened", "invalid_number", "unclear", "failed" } do
      it("to a last text when it ends " .. word, function()
        local run = start_dear()
        run:channel("voice"):will(word)
        run:advance(days(7))
        assert.equal(word, run:outcome("call"))
        assert.equal("delivered", run:outcome("last"))
      end)
    end

    it("[S2-20] to an e-mail that speaks of the voicemail", function()
      sim.customer { id = "c-1", locale = "en" }
      local run = start_dear()
      run:channel("voice"):will("voicemail")
      run:advance(days(7))
      assert.matches("voicemail", run:rendered("mail").text)
      assert.is_nil(run:outcome("last"))
    end)

    it("to a text three days after a promise that was not kept", function()
      local run = start_dear()
      run:channel("voice"):will(talk { why = "bank_failure", offer = "pay_later" })
      run:advance(days(5))
      assert.equal("promised", run:outcome("call"))
      assert.equal(0, #run:touches { channel = "sms" })
      run:advance(days(3))
      assert.equal(1, #run:touches { channel = "sms" })
    end)

    it("to a promise when the link was sent and not used on the line", function()
      local run = start_dear()
      run:channel("voice"):will(talk { why = "other", offer = "send_link" })
      run:advance(days(5))
      assert.equal("promised", run:outcome("call"))
      assert.equal(1, #run:touches { channel = "sms" })
    end)

    for word, turns in pairs { refused = { why = "refused" }, opted_out = { why = "opted_out" },
                               wrong_person = { who = "wrong_person" } } do
      it("to silence and a note when it ends " .. word, function()
        local run = start_dear()
        run:channel("voice"):will(talk(turns))
        run:advance(days(14))
        assert.equal(word, run:outcome("call"))
        assert.equal("written", run:outcome("note"))
        assert.equal(3, run:contacts())
      end)
    end

    it("[S1-52] to the same call at the time that she asks for", function()
      local run = start_dear()
      run:channel("voice"):will(talk { why = { "callback", at = "18:30" } },
                                talk { why = "no_funds", offer = "pay_later" })
      run:advance(days(6))
      assert.equal("promised", run:outcome("call"))
      local calls = run:touches { channel = "voice" }
      assert.equal(2, #calls)
      assert.matches("T17:30:00Z$", calls[2].sent_at) -- 18:30 in Paris
    end)

    it("to a last text when she asks to be called back once more", function()
      local run = start_dear()
      run:channel("voice"):will(talk { why = { "callback", at = "18:30" } })
      run:advance(days(6))
      assert.equal("callback", run:outcome("call"))
      assert.equal(2, #run:touches { channel = "voice" })
      assert.equal("delivered", run:outcome("last"))
    end)

    for _, word in ipairs { "wants_human", "dissatisfied" } do
      it("[S0-18][S1-51] to a person when she says " .. word, function()
        local run = start_dear()
        run:channel("voice"):will(talk { offer = word, why = "other" })
        run:advance(days(5))
        assert.equal(word, run:outcome("call"))
        assert.is_not_nil(run:packet("human"))
        run:resolve("human", "resolved")
        run:advance(minutes(1))
        assert.equal("resolved", run:outcome("human"))
      end)
    end
  end)

  describe("goes from the last text", function()
    it("to a person where there is no way to reach her", function()
      sim.customer { id = "c-1", email = false, phone = false }
      local run = start_dear()
      run:advance(days(5))
      assert.equal("denied", run:outcome("last"))
      assert.equal(0, run:contacts())
      assert.is_not_nil(run:packet("human"))
    end)

    it("nowhere when she opted out; that is noted", function()
      local run = start { decline = new_card }
      run:channel("sms"):will("opted_out")
      run:advance(days(7))
      assert.equal("written", run:outcome("note"))
    end)

    it("[S2-21] and speaks of an e-mail that was opened", function()
      sim.customer { id = "c-1", locale = "en" }
      local run = start { decline = new_card }
      run:after("email", hours(1)):event("email.opened")
      run:advance(days(7))
      assert.matches("You saw our e%-mail", run:rendered("last").text)
    end)

    it("to its end after four weeks", function()
      local run = start { decline = new_card }
      run:advance(days(28))
      assert.equal("expired", run:ended())
    end)
  end)

  describe("ends at once, whatever it was doing:", function()
    for _, hours_in in ipairs { 0, 1, 30, 60, 97 } do
      it("paid after " .. hours_in .. " hours", function()
        local run = start_dear()
        run:advance(hours(hours_in))
        run:event("payment.succeeded")
        run:advance(minutes(0))
        local contacts = run:contacts()
        assert.equal("goal", run:ended())
        run:advance(days(28))
        assert.equal(contacts, run:contacts())
      end)
    end

    it("not by the payment of another invoice", function()
      local run = start_dear()
      run:advance(hours(1))
      sim.event("payment.succeeded", { invoice_id = "i-2" })
      run:advance(hours(1))
      assert.is_nil(run:ended())
    end)

    for _, kind in ipairs { "invoice.voided", "mandate.revoked" } do
      it("stopped by " .. kind, function()
        local run = start_dear()
        run:advance(hours(1))
        run:event(kind)
        run:advance(days(28))
        assert.equal("stopped", run:ended())
        assert.equal(1, run:contacts())
      end)
    end
  end)

  it("[S1-46] writes nothing while a support case is open, and at once when it closes", function()
    sim.event("support.opened", { case_id = "c-1" })
    local run = start { decline = new_card }
    run:advance(days(2))
    assert.equal(0, run:contacts())
    sim.event("support.closed", { case_id = "c-1" })
    run:advance(minutes(1))
    assert.equal(1, run:contacts())
  end)
end)

-- A campaign for good customers who have been quiet for a month: the segment decides script, offer
-- and time. Paced, re-checked just before each contact, and over for whoever answers.
local f = flow "campaign" {
  start = segment {
    from = "crm", every = days(1), pace = 60, -- contacts a minute
    where = {
      campaign = "winter", segment = { "loyal", "business" }, -- what the CRM says
      ["facts.last_order_at"] = below(ago(days(30))),         -- what was bought, and when
      ["facts.last_order_category"] = { "fashion", "home" },
      ["facts.last_order_returned"] = false,                  -- how it ended
    },
  },
  goal     = event "order.placed",
  purpose  = "marketing",
  re_entry = never_again,
  expire   = days(21),
}

f.profile = fetch { from = "crm", need = { "segment" } }
f.plan = decide {
  after = f.profile.found, hit = "first", otherwise = "mail",
  by    = { segment = "customer.segment", category = "facts.last_order_category" },
  rows  = {
    { segment = "business", outcome = "call", offer = "invoice_terms", at = "10:30" },
    { category = "fashion", outcome = "mail", offer = "new_season", at = "18:00" },
    { category = "home", outcome = "mail", offer = "winter_sale", at = "12:00" },
  },
}
local function words(run)
  return { offer = run.steps.plan.data.offer, category = run.facts.last_order_category,
           best = true }
end

f.mail = send {
  after = f.plan.mail, via = "email", template = "campaign", data = words,
  at = "steps.plan.data.at", gap = days(7), expect = event "link.clicked",
}
f.call = send {
  after = f.plan.call, via = "voice", script = "offer", data = words,
  at = "steps.plan.data.at", tries = 2, gap = days(7),
}
f.note = record {
  after = any { f.call.interested, f.call.not_interested, f.mail.responded }, what = "campaign",
  data = function(run)
    return { offer = words(run).offer, outcome = run.steps.call.outcome or run.steps.mail.outcome }
  end,
}
f.human = handoff { queue = "orders", within = days(2), after = any {
  f.call.wants_human, f.call.dissatisfied } }
ignore { f.mail, f.call, f.profile.missing, f.profile.failed, f.human.expired }
return f

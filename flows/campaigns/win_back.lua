-- Nothing ordered for ninety days: one letter, by what the last order was and how it ended.
local f = flow "win_back" {
  start    = absence_of "order.placed" (days(90)),
  goal     = event "order.placed",
  purpose  = "marketing",
  re_entry = again_after(days(180)),
  expire   = days(30),
}

f.profile = fetch { from = "crm", need = { "email" } }
f.plan = decide { -- script, offer and time of day, all from one table
  after = f.profile.found,
  by    = { returned = "facts.last_order_returned", category = "facts.last_order_category" },
  rows  = {
    { returned = true, outcome = "sorry", offer = "free_return", at = "17:30" },
    { category = "fashion", outcome = "fashion", offer = "new_season", at = "10:00" },
  },
  hit = "first", otherwise = "plain",
}

local function words(run)
  return { offer = run.steps.plan.data.offer, category = run.facts.last_order_category }
end
local function letter(after, template)
  return send {
    after = after, via = "email", template = template, data = words,
    at = "steps.plan.data.at", gap = days(7), expect = event "link.clicked",
  }
end
f.sorry   = letter(f.plan.sorry, "sorry")
f.fashion = letter(f.plan.fashion, "new_season")
f.plain   = send { after = f.plan.plain, via = "email", template = "miss_you", data = words }
ignore { f.profile.missing, f.profile.failed, f.sorry, f.fashion, f.plain }

return f

-- Nothing ordered for ninety days: a letter, then a call; others if the last order came back.
local f = flow "win_back" {
  start    = absence_of "order.placed" (days(90)), -- or days(60): read anew with the bundle
  goal     = event "order.placed",
  purpose  = "marketing",
  re_entry = again_after(days(180)),
  expire   = days(30),
}

f.profile = fetch { from = "crm", need = { "email" } }
f.plan = decide { -- script, offer and time of day, all from one table
  after = f.profile.found, hit = "first", otherwise = "plain",
  by    = { returned = "facts.last_order_returned", category = "facts.last_order_category" },
  rows  = {
    { returned = true, outcome = "sorry", offer = "free_return", at = "17:30" },
    { category = "fashion", outcome = "plain", offer = "new_season", at = "10:30" },
    { category = "home", outcome = "plain", offer = "free_delivery", at = "18:00" },
  },
}
local function words(run)
  return { offer = run.steps.plan.data.offer or "news", category = run.facts.last_order_category }
end

f.letter = send {
  after = f.plan.plain, via = "email", template = "win_back", data = words,
  at = "steps.plan.data.at", gap = days(7), expect = event "link.clicked",
}
f.excuse = send {
  after = f.plan.sorry, via = "email", template = "win_back_returned", data = words,
  at = "steps.plan.data.at", gap = days(7), expect = event "link.clicked",
}
f.call = send {
  after = f.letter.ignored, via = "voice", script = "offer", data = words,
  tries = 2, gap = days(7), at = policy "another_band",
}
f.sorry = send {
  after = f.excuse.ignored, via = "voice", script = "win_back_returned", data = words,
  tries = 2, gap = days(7), at = policy "another_band",
}
f.note = record {
  what = "win_back", after = any { f.call.interested, f.call.not_interested, f.sorry.interested,
                                   f.sorry.not_interested },
  data = function(run)
    return { offer = words(run).offer, outcome = run.steps.call.outcome or run.steps.sorry.outcome }
  end,
}
f.human = handoff { queue = "orders", within = days(2), after = any {
  f.call.wants_human, f.call.dissatisfied, f.sorry.wants_human, f.sorry.dissatisfied } }
ignore { f.letter, f.excuse, f.call, f.sorry, f.profile.missing, f.profile.failed, f.human.expired }
return f

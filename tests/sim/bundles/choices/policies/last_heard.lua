-- The channel over which the customer answered before; else the cheapest that may go now.
return function(ask)
  local choice
  for _, one in ipairs(ask.candidates) do
    if one.allowed and one.answered > 0 then
      return { choice = one.channel, reason = "answered_before" }
    end
    if one.allowed and not choice then choice = one.channel end
  end
  return { choice = choice or ask.choices[1], reason = "cheapest", facts = { try = ask.try } }
end

-- Every try at half past six in the evening.
return function(ask)
  return { at = "18:30", reason = "try " .. ask.try }
end

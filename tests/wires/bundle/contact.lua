-- A minute stands for weeks, at any hour of the day: no windows, and room for all of it.
return contact { suppress = { "opted_out", "wrong_person" } }

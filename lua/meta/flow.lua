---@meta
-- The vocabulary of flows, for editors. Written by `relance meta`.

---@class relance.money
---@field minor integer
---@field currency string
---@class relance.duration
---@class relance.instant
---@class relance.step
---@class relance.after
---@class relance.events
---@class relance.moment
---@class relance.policy
---@alias relance.data table<string, any>|fun(run: relance.run): table

---@class relance.run
---@field event table data of the first event
---@field latest table data of the last event that joined
---@field customer table what the CRM told
---@field facts table what the engine keeps of his orders and reactions
---@field steps table<string, { outcome: string?, data: table }>
---@field touches { last: fun(filter: table): table?, count: fun(filter: table?): integer }
---@field said table<string, boolean>
---@field promised table<string, boolean>
---@field asked table<string, boolean>
---@field now relance.instant
---@field failures integer distinct failed payment attempts
---@field random number the same for the whole life of the run

---@param n number
---@return relance.duration
function seconds(n) end
---@param n number
---@return relance.duration
function minutes(n) end
---@param n number
---@return relance.duration
function hours(n) end
---n times 24 hours
---@param n number
---@return relance.duration
function days(n) end

---@param code string
---@param amount string
---@return relance.money
function money(code, amount) end
---@param amount string
---@return relance.money
function eur(amount) end
---@param amount string
---@return relance.money
function usd(amount) end
---@param amount string
---@return relance.money
function gbp(amount) end

---@return any
function at_least(bound) end
---@return any
function below(bound) end
---from `from` on, below `to`
---@return any
function between(from, to, weekdays) end

---@param type string an event of the catalogue
---@return relance.events
function event(type) end
---the first that arrives
---@return relance.after
function any(edges) end
---all of them
---@return relance.after
function all(edges) end
---outcomes that are left unhandled on purpose
function ignore(edges) end

---steps that run last, when the run ended so
---@param ends ("goal"|"stopped"|"expired"|"completed"|"failed")[]
---@return relance.after
function ended(ends) end
---@param type string an event of the catalogue
---@return fun(after: relance.duration): relance.events
function absence_of(type) end
---@param fields table<string, any> from, where, changed, every, pace
---@return relance.events
function segment(fields) end
---in a segment's cells: so long before now
---@param span relance.duration
---@return any
function ago(span) end
---@param name string
---@return relance.policy
function policy(name) end
---@param path string
---@return fun(offset: relance.duration|{ days: integer, at: string }): relance.moment
function before(path) end
---@param path string
---@return fun(offset: relance.duration): relance.moment
function since(path) end
---@param at string
---@return relance.moment
function until_local(at) end
---@param name string the file's
---@return fun(header: relance.flow.header): table
function flow(name) end

---@class relance.flow.header
---@field start relance.events what starts a run
---@field key? string|string[] a field or several: one live run each; none: one per customer
---@field goal? relance.events ends the run as a success from any step
---@field stop? relance.events ends the run from any step
---@field when? function function(run): false excludes the customer
---@field purpose string service, recovery or marketing
---@field expire? relance.duration from acceptance of the start event (90 days)
---@field updates? relance.events events whose fields replace those of run.event
---@field recheck? table<string, any> { from, what, by, goal, stop }: read before a touch leaves
---@field holdout? table<string, any> { percent = 10 }: neither touched nor charged, sticky
---@field re_entry? any never_again, again_after(days(30)) or once_per_key
---@field windows? table narrower hours than contact.lua's
---@field caps? table further caps beside contact.lua's
---@field gap? relance.duration a longer gap than contact.lua's
---@field off? string|string[] kinds of channels that this flow may not use now
---@field quiet_days? table further quiet days beside contact.lua's
---@field self_cure? relance.duration a longer wait than contact.lua's

---@class relance.flow.fetch
---@field from string a connector of the bundle, or "crm"
---@field what? string what is read: "order"; of the crm the customer
---@field by? string the field that tells which: "order_id" or "event.order_id"
---@field need? string|string[] fields without which the step ends missing
---@field default? table<string, any> values of fields that the source does not have
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---reads the customer from the CRM, or an object from a connector
---@param fields relance.flow.fetch
---@return relance.step
function fetch(fields) end

---@class relance.flow.charge
---@field via string a channel of kind retry
---@field tries? integer attempts at most; each further one after a decline (1)
---@field gap? relance.duration from one attempt to the next (24 h without gap and at)
---@field at? string|relance.policy a local time, or a policy that is asked before every try
---@field data? relance.data what the provider is given beside the event's amount and key
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---a payment attempt; charges of one key never overlap
---@param fields relance.flow.charge
---@return relance.step
function charge(fields) end

---@class relance.flow.send
---@field via string|string[] a channel of the bundle, or several, the cheapest first
---@field template? string templates/NAME.CHANNEL.LANGUAGE.mustache
---@field script? string scripts/NAME.lua: what is said in a conversation
---@field content? string a writer of the bundle, who makes the words from the template
---@field content_within? relance.duration later than this the template is sent (30 s)
---@field data? relance.data values for the template or the script's facts
---@field tries? integer again on ignored, no_answer and busy (1)
---@field gap? relance.duration from a dispatch to the next try; the response window too
---@field at? string|relance.policy a local time, or a policy that is asked before every try
---@field expect? relance.events what counts as a response, after that try's dispatch
---@field deadline? relance.moment beyond it the step ends late
---@field callbacks? integer how often a customer who asks for it is called back (0)
---@field on_unknown? string "drop" or "resend" when a look-up finds nothing (drop)
---@field requested? boolean the customer asked for it: no cap, gap or campaign rule applies
---@field override? table<string, any> { gap = "reason" }: lifts a named rule for this step, audited
---@field choose? any of several channels: the policy that picks one for each try
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---a touch over one channel, or over one of several
---@param fields relance.flow.send
---@return relance.step
function send(fields) end

---@class relance.flow.wait
---@field [1] relance.duration|relance.moment how long, or until when
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---waits for a span, or until a moment told by a field or the clock
---@param fields relance.flow.wait
---@return relance.step
function wait(fields) end

---@class relance.flow.await
---@field [1] relance.events without `after` it sees the run's past too, the start event included
---@field within? relance.duration then the step ends expired
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---waits for an event of this run
---@param fields relance.flow.await
---@return relance.step
function await(fields) end

---@class relance.flow.decide
---@field by? any { column = "event.path" } for a table, or function(run) that gives an outcome
---@field rows? table of a table: { column = cell, outcome = "word", further = data }
---@field otherwise? string the outcome where no row matches
---@field hit? string "first": the first row that matches; else rows may not overlap
---@field outcomes? string|string[] of a function or policy: the words it may give
---@field policy? any policy "name" that is asked
---@field split? table<string, any> { a = 50, b = 50 }: percent of customers, sticky
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---a table, a function, a policy or a split
---@param fields relance.flow.decide
---@return relance.step
function decide(fields) end

---@class relance.flow.act
---@field on string a connector of the bundle
---@field op string the operation: "cancel_order"
---@field data? relance.data what the operation is given
---@field only_if? relance.data what must still hold there: { status = "not_dispatched" }
---@field settles? relance.step the hold whose undo this makes unnecessary when it was done
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---an operation on a connector, conditional where it can
---@param fields relance.flow.act
---@return relance.step
function act(fields) end

---@class relance.flow.hold
---@field on string a connector of the bundle
---@field op string the operation: "hold_order"
---@field undo string what takes it back, with the same data: "release_order"
---@field data? relance.data what both are given
---@field at_most relance.duration the undo comes after this span at the latest
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---an operation whose undo is guaranteed
---@param fields relance.flow.hold
---@return relance.step
function hold(fields) end

---@class relance.flow.release
---@field hold relance.step the hold step: hold = f.hold
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---undoes a hold now; nothing if it is over
---@param fields relance.flow.release
---@return relance.step
function release(fields) end

---@class relance.flow.handoff
---@field queue string a queue of the bundle
---@field within? relance.duration then the step ends expired
---@field outcomes? string|string[] the words a person may end it with ({ "resolved" })
---@field lost? string where a lost item goes: "queue", "returned" or "expired" (queue)
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---an item in a human queue, with the whole context
---@param fields relance.flow.handoff
---@return relance.step
function handoff(fields) end

---@class relance.flow.record
---@field what string the fact's name
---@field data? relance.data its fields
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---a fact to CRM and run, exactly once
---@param fields relance.flow.record
---@return relance.step
function record(fields) end

---@class relance.flow.stop
---@field reason string why, for the journal
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---ends the run
---@param fields relance.flow.stop
---@return relance.step
function stop(fields) end

---@class relance.flow.start_flow
---@field flow string a flow of the bundle; its own: it begins anew
---@field data? relance.data the event of the run that begins; its key defaults to this run's
---@field after? relance.after what starts it; without it the run's beginning does
---@field when? function function(run): false ends the step skipped
---@field was? string the step's name in an earlier version

---another flow for this customer; its own flow and key: this run ends, a new one begins
---@param fields relance.flow.start_flow
---@return relance.step
function start_flow(fields) end

---@class relance.script.header
---@field facts? string|string[] fields that the send's `data` must give
---@field answers? table<string, any> { reason = one_of { "no_funds", "other" } }
---@field always? string|string[] words understood at any turn
---@field on_goal? string the text said when the goal arrives during the call

---@class relance.script.say
---@field text string a text of the script's template
---@field after? relance.after what starts it

---says a text
---@param fields relance.script.say
---@return relance.step
function say(fields) end

---@class relance.script.ask
---@field text string a text of the script's template
---@field hears string|string[] the words an answer may mean
---@field answer? string the field of the script's answers that the word fills
---@field tries? integer how often it is asked (1)
---@field after? relance.after what starts it

---asks, and listens for words
---@param fields relance.script.ask
---@return relance.step
function ask(fields) end

---@class relance.script.verify
---@field by string the customer's field that is asked for
---@field text string a text of the script's template
---@field tries? integer how often it is asked (1)
---@field after? relance.after what starts it

---makes sure who is there
---@param fields relance.script.verify
---@return relance.step
function verify(fields) end

---@class relance.script.lookup
---@field from string a connector of the bundle, or "crm"
---@field what string what is read: "order"
---@field within? relance.duration then it ends late, and the conversation goes on
---@field after? relance.after what starts it

---reads from a connector, with a time budget
---@param fields relance.script.lookup
---@return relance.step
function lookup(fields) end

---@class relance.script.text
---@field via string a channel of the bundle
---@field template string templates/NAME.CHANNEL.LANGUAGE.mustache
---@field after? relance.after what starts it

---sends a message during the conversation, through the gate
---@param fields relance.script.text
---@return relance.step
function text(fields) end

---@class relance.script.transfer
---@field queue string a queue of the bundle
---@field text? string what is said before
---@field after? relance.after what starts it

---hands over to a person; the packet arrives before the leg
---@param fields relance.script.transfer
---@return relance.step
function transfer(fields) end

---@class relance.script.close
---@field outcome string the word the send ends in
---@field text? string what is said last
---@field after? relance.after what starts it

---ends the conversation; its word is an outcome of the send
---@param fields relance.script.close
---@return relance.step
function close(fields) end


-- A shop that sells by subscription, by order and cash on delivery. Every channel is played by the
-- sandbox provider, with --sandbox its own system as well: nothing leaves the machine. To go live,
-- name real plugins here; flows, templates and rules stay as they are.
local pays = { new = 0.9, loyal = 1.1, business = 1.2 } -- how much likelier each segment pays
local talk = { -- what those who are called say, by question; assumptions for a rehearsal
  help    = { send_link = 0.5, other_method = 0.2, pay_later = 0.2, wants_human = 0.02 },
  method  = { paypal = 0.5, transfer = 0.2, on_delivery = 0.2 },
  details = { details_confirmed = 0.82, change_order = 0.04, cancel = 0.06, wants_human = 0.01 },
  address = { address_confirmed = 0.9, address_corrected = 0.06 },
  home    = { available = 0.85, not_available = 0.12, disputes = 0.005 },
  ready   = { item_ready = 0.85, item_not_ready = 0.1, disputes = 0.01 },
  other   = { another_day = 0.9 },
  refund  = { understood = 0.85, question = 0.06 },
  slot    = { first = 0.45, second = 0.35, neither = 0.1, dissatisfied = 0.03 },
  more    = { interested = 0.25, not_interested = 0.5, opted_out = 0.03 },
  wrong   = { size = 0.4, quality = 0.2, late = 0.1, other = 0.1, dissatisfied = 0.08 },
}

return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  controller = "Lumen Shop SAS, 1 rue de la Paix, Paris",
  link = "https://pay.example.com/", -- messages add a token of their run
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed", segments = pays },
    email = plugin "relance.sandbox" { as = "email", class = "keyed", segments = pays },
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup", segments = pays },
    voice = plugin "relance.sandbox" {
      as = "voice", class = "lookup", segments = pays, talk = talk,
    },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
  connectors = { shop = plugin "relance.commerce.rest" {
    base_url = "http://127.0.0.1:8081",
    objects = {
      order = { path = "orders/{id}", fields = { paid = "/paid", cancelled = "/cancelled",
                dispatched = "/dispatched", status = "/status", last_key = "/last_key" } },
      payment_methods = { path = "orders/{id}/payment_methods", fields = {
        methods = { each = "/methods", item = { id = "/id", text = "/label" } } } },
      delivery_slots = { path = "shipments/{id}/slots", fields = {
        first_slot = "/slots/0", second_slot = "/slots/1" } },
    },
    operations = {
      hold = { path = "orders/{data.order_id}/hold" },
      release = { path = "orders/{data.order_id}/release" },
      cancel = { path = "orders/{data.order_id}/cancel", only_if = "match", state = "order",
                 state_id = "{data.order_id}", done_when = { last_key = "{key}" } },
      change_delivery = { path = "orders/{data.order_id}/delivery", only_if = "match",
        state = "order", state_id = "{data.order_id}", done_when = { last_key = "{key}" },
        body = { record = { address = "/data/address", slot = "/data/slot" } } },
      set_payment_method = { path = "orders/{data.checkout_id}/payment_method",
                             body = { record = { method = "/data/method" } } },
      rebook_pickup = { path = "returns/{data.return_id}/pickup", ref = "/pickup/id",
                        body = { record = { slot = "/data/slot" } } },
      reschedule_delivery = { path = "shipments/{data.shipment_id}/slot",
                              body = { record = { slot = "/data/slot" } } },
    },
    sandbox = { records = { -- what a rehearsal reads there
      order = { ["*"] = { paid = false, cancelled = false, dispatched = false } },
      payment_methods = { ["*"] = { methods = { { id = "paypal", text = "PayPal" } } } },
      delivery_slots = { ["*"] = { first_slot = "18-20", second_slot = "08-10" } },
    } },
  } },
  policies = {
    smart_retry  = plugin "relance.policy.smart_retry" {},
    another_band = plugin "relance.policy.another_band" {},
  },
  understanding = { plugin "relance.understand.keys" {}, plugin "relance.understand.phrases" {} },
  queues = {
    billing = { lease = minutes(30) }, orders = { lease = minutes(15) },
    returns = { lease = minutes(30) },
  },
  attribution = days(7), -- a touch up to so long before the payment is credited with it
}

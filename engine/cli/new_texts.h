// The texts of `relance new`. @NAME@ is the name that was given.
#pragma once

#include <string_view>

namespace relance::cli {

inline constexpr std::string_view kNewBundle =
    R"LUA(-- Every channel is played by the sandbox: nothing leaves the machine until you name
-- real plugins here.
return bundle {
  name = "@NAME@", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Your company, its address",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed" },
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
  },
  crm = plugin "relance.crm.csv" { file = "sample/customers.csv" },
}
)LUA";

inline constexpr std::string_view kNewContact =
    R"LUA(-- Holds for every flow; a flow may tighten it.
return contact {
  windows  = { email = between("08:00", "21:00") },
  caps     = { { channel = any_channel, at_most = 5, per = days(7) } },
  gap      = hours(4),
  suppress = { "opted_out" },
}
)LUA";

inline constexpr std::string_view kNewFlow =
    R"LUA(-- A payment failed: try again the next day, then write.
local f = flow "@NAME@" {
  start   = event "payment.failed",
  key     = "invoice_id", -- one live run per invoice
  goal    = event "payment.succeeded",
  purpose = "recovery",
  expire  = days(14),
}

f.profile = fetch { from = "crm", need = { "email" } }
f.pause   = wait { after = f.profile, hours(24) }
f.retry   = charge { after = f.pause.done, via = "retry", tries = 2, gap = days(2) }
f.email   = send {
  after = f.retry.otherwise, via = "email", template = "@NAME@",
  tries = 2, gap = hours(48), expect = event "link.clicked",
}
ignore { f.email.failed, f.email.bounced, f.email.opted_out }
return f
)LUA";

inline constexpr std::string_view kNewFlowTest = R"LUA(describe("@NAME@", function()
  local function start()
    return sim.start("@NAME@", { invoice_id = "i-1", amount = eur "49" })
  end

  it("recovers on the second attempt without a word to the customer", function()
    local run = start()
    run:channel("retry"):will("declined", "recovered")
    run:advance(days(14))
    assert.equal("goal", run:ended())
    assert.equal(0, run:contacts())
  end)

  it("writes when the attempts are used up", function()
    local run = start()
    run:channel("retry"):will("declined")
    run:advance(days(14))
    assert.equal(2, #run:touches { channel = "email" })
  end)
end)
)LUA";

inline constexpr std::string_view kNewTemplate =
    "Subject: Your payment of {{amount}}\nHello {{first_name}},\n\nyour payment of {{amount}} did "
    "not go through. You can pay here: {{link}}\n";

inline constexpr std::string_view kNewCustomers =
    "id,email,phone,timezone,locale,segment,first_name\nc-1,ann@example.com,+33639980001,Europe/"
    "Paris,en,loyal,Ann\n";

inline constexpr std::string_view kNewEvents =
    R"({"specversion":"1.0","id":"e-1","source":"/shop","type":"payment.failed",)"
    R"("time":"2026-01-05T08:00:00Z","subject":"c-1","data":{"invoice_id":"i-1",)"
    R"("amount":{"amount":"49.00","currency":"EUR"},)"
    R"("decline":{"provider":"stripe","raw_code":"insufficient_funds"}}})"
    "\n";

}  // namespace relance::cli

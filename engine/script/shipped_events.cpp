#include "script/shipped_events.h"

#include <array>

namespace relance {
namespace {

constexpr std::array kShipped = {
    // Payments.
    ShippedEvents{"payment.failed",
                  "invoice_id checkout_id subscription_id amount:money decline:record context "
                  "attempt_no:number",
                  ""},
    ShippedEvents{"payment.succeeded", "invoice_id checkout_id amount:money", ""},
    ShippedEvents{"payment_method.updated", "", "customer"},
    ShippedEvents{"invoice.voided mandate.revoked", "invoice_id", ""},

    // Carts and orders.
    ShippedEvents{"cart.abandoned order.unpaid", "checkout_id order_id amount:money items:record",
                  ""},
    ShippedEvents{"checkout.updated", "checkout_id amount:money items:record", ""},
    ShippedEvents{"order.placed",
                  "order_id checkout_id amount:money items:record category payment_method "
                  "address:record delivery_date:date",
                  ""},
    ShippedEvents{"order.paid order.cancelled order.dispatched order.changed",
                  "order_id checkout_id amount:money", ""},

    // Returns, pickups, refunds.
    ShippedEvents{"return.approved return.rejected return.processed return.closed",
                  "return_id order_id amount:money reason", ""},
    ShippedEvents{"pickup.scheduled pickup.rescheduled pickup.cancelled pickup.failed pickup.done",
                  "return_id pickup_at:instant items:record address:record", ""},
    ShippedEvents{"refund.initiated refund.completed",
                  "return_id amount:money expected_on:date method", ""},

    // Deliveries.
    ShippedEvents{"delivery.failed", "shipment_id order_id reason attempt_no:number", ""},
    ShippedEvents{"delivery.rescheduled delivery.done shipment.out shipment.delayed",
                  "shipment_id order_id slot expected_on:date reason", ""},

    // Messages and calls.
    ShippedEvents{"link.clicked email.opened email.bounced email.complained email.replied "
                  "sms.replied call.ended",
                  "text data:record", "touch"},
    ShippedEvents{"email.delivered email.failed email.opted_out sms.delivered sms.bounced "
                  "sms.failed sms.opted_out",
                  "status reason", "touch"},
    ShippedEvents{"message.received call.received", "text channel address", "customer"},

    // Desks, of an item that they were offered.
    ShippedEvents{"handoff.accepted handoff.declined handoff.completed handoff.returned",
                  "by outcome data:record", "touch"},

    // Support, consent, the customer himself.
    ShippedEvents{"support.opened support.closed", "topic case_id", "customer"},
    ShippedEvents{"consent.given consent.withdrawn",
                  "channel purpose basis proof source text_version expires_at:instant", "customer"},
    ShippedEvents{"customer.updated fraud.suspected fraud.cleared", "fields:record", "customer"},
};

}  // namespace

std::span<const ShippedEvents> shipped_events() { return kShipped; }

}  // namespace relance

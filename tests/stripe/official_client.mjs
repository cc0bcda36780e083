// Stripe's own client against the fake, and its own signing code against ours. Prints one JSON object.
//   node official_client.mjs api NODE_MODULES URL KEY
//   node official_client.mjs sign NODE_MODULES SECRET PAYLOAD
//   node official_client.mjs verify NODE_MODULES SECRET PAYLOAD HEADER
import { createRequire } from 'node:module';

const [what, modules, ...rest] = process.argv.slice(2);
const loaded = createRequire(modules + '/')('stripe');
const Stripe = loaded.default ?? loaded;

// What a call gives, or how the client understands its error.
async function told(call) {
  try {
    return await call;
  } catch (error) {
    return {
      error: error.type, code: error.code ?? '', decline_code: error.decline_code ?? '',
      status: error.statusCode ?? 0, advice_code: error.raw?.advice_code ?? '',
      network_decline_code: error.raw?.network_decline_code ?? '',
      intent: error.payment_intent?.status ?? '',
    };
  }
}

function client(url, key) {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}

async function api(url, key) {
  const stripe = client(url, key);
  const once = { idempotencyKey: 'once' };
  const paid = await told(stripe.invoices.pay('in_paid', {}, once));
  const again = await told(stripe.invoices.pay('in_paid', {}, once));
  const other = await told(stripe.invoices.pay('in_paid', { off_session: true }, once));
  const declined = await told(stripe.invoices.pay('in_declined', {}, { idempotencyKey: 'declined' }));
  const intent = await told(stripe.paymentIntents.retrieve('pi_in_declined'));
  const charges = await told(stripe.charges.list({ payment_intent: 'pi_in_declined', limit: 100 }));
  const confirmed = await told(stripe.paymentIntents.confirm('pi_own', { off_session: true }));
  const unexpected = await told(stripe.paymentIntents.confirm('pi_own', { off_session: true }));
  const invoice = await told(stripe.invoices.retrieve('in_declined', { expand: ['payments'] }));
  const portal = await told(stripe.billingPortal.sessions.create(
    { customer: 'cus_1', flow_data: { type: 'payment_method_update' } }));
  const missing = await told(stripe.invoices.retrieve('in_none'));
  const stranger = await told(client(url, 'sk_of_nobody').invoices.retrieve('in_paid'));
  return {
    paid: paid.status, again: again.status, other: other.error,
    replayed: again.lastResponse.headers['idempotent-replayed'] ?? '', declined,
    last_error: intent.last_payment_error.decline_code, charge: charges.data[0].outcome.reason,
    charges: charges.data.length, confirmed: confirmed.status, unexpected: unexpected.code,
    intent_of_invoice: invoice.payments.data[0].payment.payment_intent, portal: portal.url,
    missing: missing.error + ' ' + missing.code, stranger: stranger.error,
  };
}

function verify(secret, payload, header) {
  try {
    return { type: Stripe.webhooks.constructEvent(payload, header, secret).type };
  } catch (error) {
    return { error: error.type };
  }
}

const result = what === 'api' ? await api(...rest)
  : what === 'sign' ? { header: Stripe.webhooks.generateTestHeaderString({ payload: rest[1], secret: rest[0] }) }
    : verify(...rest);
console.log(JSON.stringify(result));

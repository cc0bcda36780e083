// The reference library of Standard Webhooks on what the channel sent. Prints "ok ID" or its refusal.
//   node standard_webhooks.mjs NODE_MODULES SECRET ID TIMESTAMP SIGNATURES BODY
import { createRequire } from 'node:module';

const [modules, secret, id, time, signatures, body] = process.argv.slice(2);
const { Webhook } = createRequire(modules + '/')('standardwebhooks');
const webhook = new Webhook('whsec_' + Buffer.from(secret).toString('base64'));
try {
  const event = webhook.verify(body, {
    'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures,
  });
  console.log('ok ' + event.id);
} catch (error) {
  console.log(error.message);
}

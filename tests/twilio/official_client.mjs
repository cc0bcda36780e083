// Twilio's own client against the fake, and its own signing code against ours. Prints one JSON
// object.
//   node official_client.mjs api NODE_MODULES URL SID TOKEN NUMBER REFUSED_NUMBER
//   node official_client.mjs sign NODE_MODULES TOKEN URL FIELDS
//   node official_client.mjs verify NODE_MODULES TOKEN URL FIELDS SIGNATURE
// FIELDS: a JSON object of a form's fields.
import { createRequire } from 'node:module';

const [what, modules, ...rest] = process.argv.slice(2);
const twilio = createRequire(modules + '/')('twilio');

// What a call gives, or how the client understands its error.
async function told(call) {
  try {
    return await call;
  } catch (error) {
    return { code: error.code, status: error.status };
  }
}

function client(url, sid, token) {
  class Local extends twilio.RequestClient {
    request(options) {
      return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', url) });
    }
  }
  return twilio(sid, token, { httpClient: new Local() });
}

async function api(url, sid, token, to, refused) {
  const own = client(url, sid, token);
  const from = '+15005550006';
  const sent = await told(own.messages.create({ to, from, body: 'Hello' }));
  const fetched = await told(own.messages(sent.sid).fetch());
  const listed = await told(own.messages.list({ to, limit: 150 }));
  const optedOut = await told(own.messages.create({ to: refused, from, body: 'Hello' }));
  const called = await told(own.calls.create({ to, from, url: 'http://127.0.0.1:9/none' }));
  const call = await told(own.calls(called.sid).fetch());
  const missing = await told(own.calls('CA' + '9'.repeat(32)).fetch());
  const stranger = await told(client(url, sid, 'of_nobody').messages.create({ to, from, body: 'x' }));
  return {
    sent: sent.status, body: fetched.body, created: fetched.dateCreated?.getTime() ?? 0,
    listed: listed.length, opted_out: optedOut.code, called: called.sid === call.sid,
    direction: call.direction, missing: missing.status, stranger: stranger.code,
  };
}

function sign(token, url, fields) {
  return { signature: twilio.getExpectedTwilioSignature(token, url, JSON.parse(fields)) };
}

function verify(token, url, fields, signature) {
  return { valid: twilio.validateRequest(token, signature, url, JSON.parse(fields)) };
}

const does = { api, sign, verify };
console.log(JSON.stringify(await does[what](...rest)));

// OpenAI's own client against the fake: what it understands of its answers, as one JSON object.
//   node official_client.mjs NODE_MODULES BASE_URL KEY
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey] = process.argv.slice(2);
const loaded = createRequire(modules + '/')('openai');
const OpenAI = loaded.default ?? loaded;
const client = (key) => new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });

const question = {
  model: 'a-model', max_completion_tokens: 50,
  messages: [{ role: 'system', content: 'Classify.' }, { role: 'user', content: 'Hello' }],
};
const schema = {
  type: 'object', additionalProperties: false, required: ['word'],
  properties: { word: { type: 'string' } },
};

async function told(key, body) {
  try {
    return await client(key).chat.completions.create(body);
  } catch (error) {
    return { error: error.constructor.name, status: error.status ?? 0, type: error.type ?? '' };
  }
}

const said = await told(apiKey, {
  ...question,
  response_format: { type: 'json_schema', json_schema: { name: 'meaning', strict: true, schema } },
});
const refused = await told(apiKey, question);
const cut = await told(apiKey, question);
const stranger = await told('another', question);
const unknown = await told(apiKey, { ...question, conversation: 'c1' });
const loose = await told(apiKey, {
  ...question,
  response_format: {
    type: 'json_schema', json_schema: { name: 'meaning', schema: { ...schema, required: [] } },
  },
});
console.log(JSON.stringify({
  object: said.object, content: said.choices[0].message.content,
  finish: said.choices[0].finish_reason, tokens: said.usage.total_tokens,
  refusal: refused.choices[0].message.refusal, content_of_refusal: refused.choices[0].message.content,
  cut: cut.choices[0].finish_reason, stranger, unknown, loose,
}));

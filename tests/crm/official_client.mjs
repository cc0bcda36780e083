// HubSpot's own client against the fake: what it understands of its answers, as one JSON object.
//   node official_client.mjs NODE_MODULES BASE_URL TOKEN
import { createRequire } from 'node:module';

const [modules, basePath, accessToken] = process.argv.slice(2);
const { Client } = createRequire(modules + '/')('@hubspot/api-client');
const { crm } = new Client({ accessToken, basePath });
const { contacts, objects, properties } = crm;

async function problem(work) {
  try {
    await work();
    return 'none';
  } catch (error) {
    return `${error.code} ${error.body?.category}`;
  }
}

const note = {
  properties: { hs_timestamp: '2026-01-05T08:00:00Z', hs_note_body: 'x', relance_key: 'key-1' },
  associations: [{
    to: { id: '101' },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }],
  }],
};
const search = {
  filterGroups: [{
    filters: [{ propertyName: 'email', operator: 'EQ', value: 'ann@example.com' }],
  }],
  properties: ['email'], sorts: ['hs_object_id'], limit: 10, after: '0',
};
const many = {
  properties: ['email'], propertiesWithHistory: [], inputs: [{ id: '101' }, { id: '999' }],
};

const ann = await contacts.basicApi.getById('101', ['firstname']);
const bob = await contacts.basicApi.getById(
  'bob@example.com', [], undefined, undefined, false, 'email');
const found = await contacts.searchApi.doSearch(search);
const batch = await contacts.batchApi.read(many);
const page = await contacts.basicApi.getPage(1);
const made = await objects.notes.basicApi.create(note);
const again = await problem(() => objects.notes.basicApi.create(note));
const byKey = await objects.notes.basicApi.getById(
  'key-1', undefined, undefined, undefined, false, 'relance_key');
const key = await properties.coreApi.getByName('notes', 'relance_key');
const updated = await contacts.basicApi.update('101', { properties: { firstname: 'Anna' } });
const stranger = new Client({ accessToken: 'another', basePath });

console.log(JSON.stringify({
  read: ann.properties.firstname,
  by_email: bob.id,
  found: found.results[0].id,
  batch: batch.results[0].id,
  missing: batch.errors[0].context.ids[0],
  after: page.paging.next.after,
  note_again: again,
  same_note: made.id === byKey.id,
  unique: key.hasUniqueValue,
  updated: updated.properties.firstname,
  stranger: await problem(() => stranger.crm.contacts.basicApi.getById('101')),
  nobody: await problem(() => contacts.basicApi.getById('404')),
}));

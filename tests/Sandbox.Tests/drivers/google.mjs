// Google's own SDK, with a plain set of calls. Says what came of them in one line of JSON.
import { calendar } from '@googleapis/calendar';

const [rootUrl, token, hook] = process.argv.slice(2);
const api = calendar({ version: 'v3', rootUrl, headers: { Authorization: `Bearer ${token}` }, retry: false });
const said = {};

const { data: made } = await api.calendars.insert({ requestBody: { summary: 'HX_SDK', timeZone: 'Australia/Sydney' } });
const calendarId = made.id;
const at = (day, hour) => ({ dateTime: `2026-01-${day}T${hour}:00:00`, timeZone: 'Australia/Sydney' });
const event = { id: 'abcde12345', summary: 'Series', start: at(12, '09'), end: at(12, '10'), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] };

said.inserted = (await api.events.insert({ calendarId, requestBody: event, sendUpdates: 'none' })).data.status;
said.patched = (await api.events.patch({ calendarId, eventId: event.id, requestBody: { summary: 'Renamed' } })).data.summary;
const { data: { items: instances } } = await api.events.instances({ calendarId, eventId: event.id });
said.instances = instances.length;
const full = await api.events.list({ calendarId, maxResults: 2500, showDeleted: true });
said.moved = (await api.events.patch({ calendarId, eventId: instances[1].id, requestBody: { start: at(13, '10'), end: at(13, '11') } })).data.start.dateTime;
await api.events.delete({ calendarId, eventId: instances[2].id });
const delta = await api.events.list({ calendarId, syncToken: full.data.nextSyncToken });
said.delta = delta.data.items.map(x => x.status).sort();
said.refused = await api.events.insert({ calendarId, requestBody: event }).catch(e => [e.status ?? e.code, e.response.data.error.errors[0].reason]);
said.gone = await api.events.list({ calendarId, syncToken: 'AAAA' }).catch(e => e.status ?? e.code);
const { data: channel } = await api.events.watch({ calendarId, requestBody: { id: 'sdk-1', type: 'web_hook', address: hook } });
said.stopped = (await api.channels.stop({ requestBody: { id: channel.id, resourceId: channel.resourceId } })).status;
said.deleted = (await api.calendars.delete({ calendarId })).status;
console.log(JSON.stringify(said));

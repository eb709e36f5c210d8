// Microsoft's own SDK, with a plain set of calls. Says what came of them in one line of JSON.
import { Client, HTTPMessageHandler } from '@microsoft/microsoft-graph-client';

const [baseUrl, token] = process.argv.slice(2);

// the SDK's own handler sends no token over plain HTTP
class Authorization {
    setNext(next) { this.next = next; }

    execute(context) {
        const headers = new Headers(context.options.headers);
        headers.set('Authorization', `Bearer ${token}`);
        context.options.headers = headers;
        return this.next.execute(context);
    }
}

const first = new Authorization();
first.setNext(new HTTPMessageHandler());
const client = Client.initWithMiddleware({ baseUrl, defaultVersion: 'v1.0', middleware: first });
const api = path => client.api(path).header('Prefer', 'IdType="ImmutableId", outlook.timezone="UTC"');
const said = {};

const calendar = await api('/me/calendars').post({ name: 'HX_SDK' });
const events = `/me/calendars/${calendar.id}/events`;
const at = time => ({ dateTime: `2026-01-12T${time}:00`, timeZone: 'AUS Eastern Standard Time' });
const made = await api(events).post({
    subject: 'Series', start: at('09:00'), end: at('09:30'), transactionId: 'sdk-1',
    recurrence: { pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' }, range: { type: 'numbered', startDate: '2026-01-12', numberOfOccurrences: 3 } },
});
said.type = made.type;
said.start = made.start.dateTime;
said.patched = (await api(`/me/events/${made.id}`).patch({ subject: 'Renamed' })).subject;
const window = { startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2026-03-01T00:00:00Z' };
const { value: instances } = await api(`/me/events/${made.id}/instances`).query(window).get();
said.instances = instances.length;
const full = await api(`/me/calendars/${calendar.id}/calendarView/delta`).query(window).get();
await api(`/me/events/${instances[1].id}`).delete();
const link = full['@odata.deltaLink'];
const delta = await api(link.slice(link.indexOf('/me/'))).get(); // the SDK takes whole addresses only over HTTPS
said.delta = delta.value.map(x => x.type).sort();
said.again = await api(events).post({ subject: 'x', start: at('09:00'), end: at('09:30'), transactionId: 'sdk-1' }).catch(e => [e.statusCode, e.code]);
await api(`/me/calendars/${calendar.id}`).delete();
said.gone = await api(events).get().catch(e => e.statusCode);
console.log(JSON.stringify(said));

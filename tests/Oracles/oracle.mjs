// Reads series as JSON lines and answers each with the instants (seconds since 1970) of its first occurrences, by the library that is named: "ical.js" or "rrule".
// What takes too long or throws is answered with a word instead, so that one series does not end the others.
import { createInterface } from 'node:readline';
import vm from 'node:vm';
import ICAL from 'ical.js';
import rrulePackage from 'rrule';

const { RRule } = rrulePackage;
const milliseconds = 150;

// the object as a client sends it, with its VTIMEZONE
function icalJs({ object, count, until }) {
  const event = new ICAL.Component(ICAL.parse(object)).getFirstSubcomponent('vevent');
  const expansion = new ICAL.RecurExpansion({ component: event, dtstart: event.getFirstPropertyValue('dtstart') });
  // what two rules, or a rule and an RDATE, have in common is given twice: a set has it once
  const times = new Set();
  for (let time = expansion.next(); time && times.size < count; time = expansion.next()) {
    if (wallOf(time) > until) break;
    times.add(time.toUnixTime());
  }
  return [...times];
}

const wallOf = (time) => Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;

// knows local times only: all values are on the clock of DTSTART, and so is the answer
function rrule({ local, count, until }) {
  const start = new Date(local.start * 1000);
  // without an end it looks for a next occurrence up to the year 9999
  const end = new Date(until * 1000);
  const excluded = new Set(local.excluded);
  // its RRuleSet gives one rule after the other and not the times in their order
  const times = new Set(local.added);
  for (const text of local.rules) {
    const rule = new RRule({ until: end, ...RRule.parseString(text), dtstart: start }, true);
    rule.all((date, index) => index < 3 * (count + excluded.size) && times.add(date.getTime() / 1000));
  }
  return [...times].filter((time) => time <= until && !excluded.has(time)).sort((a, b) => a - b).slice(0, count);
}

const oracle = { 'ical.js': icalJs, rrule }[process.argv[2]];
const context = vm.createContext({ run: () => {} });
const call = new vm.Script('run()');

for await (const line of createInterface({ input: process.stdin })) {
  const series = JSON.parse(line);
  let answer;
  context.run = () => { answer = { times: oracle(series) }; };
  try {
    call.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    answer = error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? { slow: true } : { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}

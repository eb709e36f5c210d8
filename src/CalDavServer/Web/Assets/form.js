// What the form of an appointment can do beyond what is typed: patients of earlier appointments are found, a type brings its length and fee, the days of
// a repeat are named after its start, and what one of a series cannot change by itself is disabled, with the reason. The form works without all of it.
import { known, nameOf, suggest } from './patients.js';

const form = document.querySelector('form[data-known]');
const field = id => document.getElementById(id);

function fill(row, { patient, type }) {
    const cells = row.querySelectorAll('input');
    [cells[0].value, cells[1].value, cells[2].value, cells[3].value] = [patient.givenName, patient.familyName, patient.reference, patient.phone ?? ''];
    if (type && field('Type') && !field('Type').value) {
        field('Type').value = type;
        bring();
    }
}

for (const row of form.querySelectorAll('.patient-row')) {
    const find = async text => (await known(form.dataset.known, 'Patients', text)).patients.map(found => ({
        words: nameOf(found.patient), more: [found.patient.reference, found.type].filter(Boolean).join(' · '), take: () => fill(row, found),
    }));
    for (const input of [...row.querySelectorAll('input')].slice(0, 3)) suggest(input, find);
}

// ---- a type brings its length and fee, where nobody has typed others
const typed = new Set();
const isNew = !form.elements.Version;

function bring() {
    const type = [...document.querySelectorAll('#types option')].find(option => option.value === field('Type').value);
    if (!type) return;
    if (isNew && field('Minutes') && !typed.has('Minutes')) field('Minutes').value = type.dataset.minutes;
    if (field('Fee') && !typed.has('Fee') && (isNew || !field('Fee').value)) field('Fee').value = type.dataset.fee ?? '';
}

for (const id of ['Minutes', 'Fee']) field(id)?.addEventListener('input', () => typed.add(id));
field('Type')?.addEventListener('input', bring);

// ---- the days of a repeat by months and years
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const ordinal = number => `${number}${number % 100 > 10 && number % 100 < 14 ? 'th' : ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'}`;

function nameDays() {
    const date = new Date(`${field('Date').value}T00:00:00Z`);
    if (Number.isNaN(date.getTime())) return;
    const [day, weekday] = [date.getUTCDate(), days[date.getUTCDay()]];
    const choice = field('MonthDay');
    choice.querySelector('[data-day]').textContent = `the ${ordinal(day)}`;
    choice.querySelector('[data-nth]').textContent = `the ${ordinal(Math.ceil(day / 7))} ${weekday}`;
    choice.querySelector('[data-last]').textContent = `the last ${weekday}`;
}

if (field('MonthDay')) field('Date').addEventListener('input', nameDays);

// ---- what one of a series cannot change by itself
function narrow() {
    const one = form.querySelector('[name=Scope]:checked')?.value === 'ThisOne';
    for (const part of form.querySelectorAll('.of-series')) {
        part.disabled = one;
        part.querySelector('.why')?.remove();
        if (!one) continue;
        const why = Object.assign(document.createElement('p'), { className: 'hint why', textContent: `${part.dataset.what}: the same in the whole series. To change this, choose "This one and all that follow" or "The whole series" above.` });
        part.prepend(why);
    }
}

if (form.querySelector('[name=Scope]')) {
    form.addEventListener('change', event => { if (event.target.name === 'Scope') narrow(); });
    narrow();
}

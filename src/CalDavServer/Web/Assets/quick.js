// Quick entry: a click on an empty slot, or a drag over empty time (by touch: rest on it, then move), opens a small form for an appointment of that
// length. A slot is a link to the whole form, which does without this.
import { known, nameOf, suggest } from './patients.js';

const sheet = document.getElementById('sheet');
const dialog = document.getElementById('quick');
const form = dialog?.querySelector('form');
const part = id => document.getElementById(`quick-${id}`);
const field = name => form.elements[`Form.${name}`];
const patientField = name => field(`Patients[0].${name}`);
const slotMinutes = 30;
const step = 15;
const clock = minute => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
// not a number while a time is being typed
const minuteOf = text => {
    const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
    return Number(hour) * 60 + Number(minute);
};
let types = [];
let mirrors = false;
const typed = new Set();

// ---- the form
const address = () => `/calendar/new?who=${encodeURIComponent(form.elements.Who.value)}`;

async function open(column, start, minutes, chosen, box) {
    form.reset();
    typed.clear();
    if (chosen) typed.add('Minutes');
    form.elements.Who.value = column.dataset.who;
    mirrors = column.dataset.mirrors === 'true';
    for (const words of form.querySelectorAll('[data-diary]')) words.hidden = (words.dataset.diary === 'mirror') !== mirrors;
    field('Date').value = column.dataset.date;
    field('Start').value = clock(start);
    field('Minutes').value = String(minutes);
    part('when').textContent = column.getAttribute('aria-label');
    part('problem').hidden = true;
    showEnd();
    forget();
    dialog.showModal();
    stand(box);
    part('what').focus();
    types = (await known(address(), 'Types')).types;
    part('types').replaceChildren(...types.map(type => Object.assign(document.createElement('option'), { value: type.name })));
}

// beside what was picked; on a phone the style sheet puts it at the lower edge
function stand(box) {
    if (matchMedia('(max-width: 40rem)').matches) {
        dialog.style.left = dialog.style.top = '';
        return;
    }
    const { offsetWidth: width, offsetHeight: height } = dialog;
    const left = box.right + 8 + width < innerWidth ? box.right + 8 : box.left - width - 8;
    dialog.style.left = `${Math.max(8, left)}px`;
    dialog.style.top = `${Math.max(8, Math.min(box.top, innerHeight - height - 8))}px`;
}

// a form that has grown, or a window that has shrunk, leaves nothing outside
function keepInside() {
    if (!dialog.open || !dialog.style.top) return;
    const { offsetWidth: width, offsetHeight: height } = dialog;
    dialog.style.left = `${Math.max(8, Math.min(parseFloat(dialog.style.left), innerWidth - width - 8))}px`;
    dialog.style.top = `${Math.max(8, Math.min(parseFloat(dialog.style.top), innerHeight - height - 8))}px`;
}

function showEnd() {
    const end = minuteOf(field('Start').value) + Number(field('Minutes').value);
    if (Number.isFinite(end)) part('end').value = clock(end);
}

function readEnd() {
    const length = minuteOf(part('end').value) - minuteOf(field('Start').value);
    if (!Number.isFinite(length)) return;
    typed.add('Minutes');
    field('Minutes').value = String(length > 0 ? length : length + 24 * 60);
}

function choose({ patient, type }) {
    field('Title').value = `${nameOf(patient)} (${patient.reference})`;
    for (const [name, value] of [['GivenName', patient.givenName], ['FamilyName', patient.familyName], ['Reference', patient.reference], ['Phone', patient.phone]]) patientField(name).value = value ?? '';
    be('patient');
    if (type) field('Type').value = type;
    bring();
    part('type').focus();
}

// what is typed on is no longer the patient who was chosen
function forget() {
    for (const name of ['GivenName', 'FamilyName', 'Reference', 'Phone']) patientField(name).value = '';
    be('personal');
}

function be(kind) {
    field('Kind').value = kind;
    part('patient').hidden = kind !== 'patient';
    part('add').textContent = kind === 'patient' ? 'Book' : 'Add';
    part('title').textContent = kind === 'patient' ? 'New patient appointment' : 'New appointment';
    keepInside();
}

function bring() {
    const type = types.find(other => other.name === field('Type').value);
    if (!type) return;
    if (!typed.has('Minutes')) field('Minutes').value = String(type.minutes);
    if (!typed.has('Fee')) field('Fee').value = type.fee ?? '';
    showEnd();
}

async function find(text) {
    // who is in Halaxy has their patients booked there
    if (mirrors) return [];
    const found = (await known(address(), 'Patients', text)).patients.map(one => ({
        words: nameOf(one.patient), more: [one.patient.reference, one.type].filter(Boolean).join(' · '), take: () => choose(one),
    }));
    return [...found, { words: `New patient “${text}”…`, take: () => addPatient(field('Title').value.trim()) }];
}

// a patient who is not known needs the whole form, with the name as it is by now: the list may be of what was typed before
function addPatient(text) {
    const names = text.split(/\s+/);
    be('patient');
    patientField('FamilyName').value = names.length > 1 ? names.pop() : '';
    patientField('GivenName').value = names.join(' ');
    form.requestSubmit(form.querySelector('[name=More]'));
}

function check(event) {
    if (event.submitter?.name === 'More' || field('Title').value.trim()) return;
    event.preventDefault();
    part('problem').role = 'alert';
    part('problem').textContent = 'Write a title, or the name of a patient.';
    part('problem').hidden = false;
    part('what').focus();
}

// ---- a click on a slot, or a drag over empty time
let pick = null;
let resting = 0;

function begin(event) {
    const slot = event.target.closest?.('.slot');
    if (!slot || event.button !== 0 || pick) return;
    const [column, hours, box] = [slot.closest('.column'), slot.closest('.hours'), slot.getBoundingClientRect()];
    const [first, touch] = [Number(hours.dataset.first), event.pointerType === 'touch'];
    const start = first + [...column.querySelectorAll('.slot')].indexOf(slot) * slotMinutes;
    const scale = slotMinutes / box.height;
    pick = {
        column, scale, touch, held: !touch, pointer: event.pointerId, y: event.pageY, x: event.pageX, first, last: first + Number(hours.dataset.rows) * 5,
        at: start + (event.clientY - box.top) * scale, mark: null,
    };
    if (touch) resting = setTimeout(hold, 400);
}

function hold() {
    pick.held = true;
    draw(pick.at);
}

function move(event) {
    if (event.pointerId !== pick?.pointer) return;
    if (!pick.touch && !(event.buttons & 1)) return letGo();
    const far = Math.hypot(event.pageX - pick.x, event.pageY - pick.y);
    if (!pick.held) {
        if (far > 10) letGo();
        return;
    }
    if (!pick.mark && far < 5) return;
    draw(pick.at + (event.pageY - pick.y) * pick.scale);
    if (event.clientY < 48) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 48) scrollBy(0, 12);
}

function draw(to) {
    const anchor = Math.floor(pick.at / step) * step;
    pick.start = Math.max(pick.first, Math.min(anchor, Math.floor(to / step) * step));
    pick.until = Math.min(pick.last, Math.max(anchor + step, Math.ceil(to / step) * step));
    if (!pick.mark) {
        pick.mark = document.createElement('div');
        pick.column.append(pick.mark);
    }
    pick.mark.className = `picked from-${(pick.start - pick.first) / 5} span-${(pick.until - pick.start) / 5}`;
    pick.mark.textContent = `${clock(pick.start)}–${clock(pick.until)}`;
}

function end(event) {
    if (event.pointerId !== pick?.pointer) return;
    const { mark, column, start, until } = pick;
    if (!mark) return letGo();
    const box = mark.getBoundingClientRect();
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50);
    letGo();
    open(column, start, until - start, true, box);
}

function letGo() {
    clearTimeout(resting);
    pick?.mark?.remove();
    pick = null;
}

const swallow = event => {
    event.preventDefault();
    event.stopPropagation();
};

function click(event) {
    const slot = event.target.closest?.('.slot');
    if (!slot || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const start = minuteOf(new URL(slot.href).searchParams.get('start'));
    open(slot.closest('.column'), start, slotMinutes, false, slot.getBoundingClientRect());
}

if (form && sheet) {
    suggest(part('what'), find);
    part('what').addEventListener('input', forget);
    part('type').addEventListener('input', bring);
    part('fee').addEventListener('input', () => typed.add('Fee'));
    part('minutes').addEventListener('input', () => { typed.add('Minutes'); showEnd(); });
    part('start').addEventListener('input', showEnd);
    part('end').addEventListener('input', readEnd);
    part('close').addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
    form.addEventListener('submit', check);
    addEventListener('resize', keepInside);
    sheet.addEventListener('click', click);
    sheet.addEventListener('pointerdown', begin);
    sheet.addEventListener('pointermove', move);
    sheet.addEventListener('pointerup', end);
    sheet.addEventListener('pointercancel', event => { if (event.pointerId === pick?.pointer) letGo(); });
    sheet.addEventListener('touchmove', event => { if (pick?.touch && pick.held && event.cancelable) event.preventDefault(); }, { passive: false });
    sheet.addEventListener('contextmenu', event => { if (pick?.touch) event.preventDefault(); });
    sheet.addEventListener('dragstart', event => { if (event.target.closest?.('.slot')) event.preventDefault(); });
}

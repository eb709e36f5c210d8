// What the calendar page can do beyond links and forms: it shows what others change, moves the line of the current time, lets an appointment be dragged
// to another time or practitioner (by touch: rest on it, then move) or made longer, and lets the arrow keys walk over the slots. Everything else, and all of this by the form, works without it.
const live = document.getElementById('live');
const sheet = document.getElementById('sheet');
const told = document.getElementById('told');
const dialog = document.getElementById('series');
const rowMinutes = 5;

// ---- live refresh
let waiting = false;
let drag = null;
const busy = () => drag !== null || dialog.open || sheet.querySelector('.picked') !== null;

async function refresh() {
    if (busy()) {
        waiting = true;
        return;
    }
    waiting = false;
    const address = new URL(location.href);
    address.searchParams.set('handler', 'Grid');
    const text = await read(address);
    if (text === null || busy()) return;
    const held = document.activeElement?.closest?.('[data-key], .slot');
    const find = held && sheet.contains(held) ? again(held) : null;
    const scroll = sheet.querySelector('.scroll')?.scrollLeft ?? 0;
    sheet.replaceChildren(document.createRange().createContextualFragment(text));
    if (sheet.querySelector('.scroll')) sheet.querySelector('.scroll').scrollLeft = scroll;
    find?.()?.focus({ preventScroll: true });
    moveNow();
}

// The mark says that the page asks by itself, so that it does not keep its session alive.
// the sheet as it is now; nothing when the server cannot be reached: the next change, or the next look at the page, asks again
async function read(address) {
    try {
        const answer = await fetch(address, { headers: { Accept: 'text/html', 'X-Open-Page': '1' } });
        if (answer.redirected) location.reload();
        return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
        return null;
    }
}

// how to find an element again after the sheet has been replaced
function again(element) {
    if (element.dataset.key) return () => [...sheet.querySelectorAll('[data-key]')].find(other => other.dataset.key === element.dataset.key);
    return () => [...sheet.querySelectorAll('.slot')].find(other => other.getAttribute('href') === element.getAttribute('href'));
}

function listen() {
    const events = new EventSource(live.dataset.events);
    events.addEventListener('changed', refresh);
    // refused for good (too many pages are open, or the session has ended): ask now and then
    events.addEventListener('error', () => {
        if (events.readyState === EventSource.CLOSED) setTimeout(() => refresh().then(listen), 30_000);
    });
}

// ---- the current time
function moveNow() {
    const line = sheet.querySelector('.now');
    const hours = sheet.querySelector('.hours');
    if (!line || !hours) return;
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: live.dataset.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date());
    const read = type => Number(parts.find(part => part.type === type).value);
    const row = Math.floor((read('hour') * 60 + read('minute') - Number(hours.dataset.first)) / rowMinutes);
    line.className = row >= 0 && row < Number(hours.dataset.rows) ? `now from-${row}` : 'now outside';
}

// ---- drag to move and to resize
function place(block, first, minutes) {
    const row = Math.round(first / rowMinutes);
    const rows = Math.max(1, Math.round(minutes / rowMinutes));
    const others = [...block.classList].filter(name => !/^(from|span|lane)-/.test(name));
    block.className = [...others, `from-${row}`, `span-${rows}`].join(' ');
}

// a finger that rests on an appointment takes it along; one that moves at once scrolls
const restFor = 400;
let resting = 0;

function begin(event) {
    const block = event.target.closest?.('.appointment[data-move]');
    if (!block || event.button !== 0 || drag) return;
    const hours = block.closest('.hours');
    const column = block.closest('.column');
    const box = block.getBoundingClientRect();
    const touch = event.pointerType === 'touch';
    drag = {
        block, column, hours, classes: block.className, time: block.querySelector('.time')?.textContent, x: event.pageX, y: event.pageY, moved: false,
        pointer: event.pointerId, touch, held: !touch,
        resize: !touch && box.bottom - event.clientY < 8,
        first: Number(hours.dataset.first), rows: Number(hours.dataset.rows),
        start: Number(block.dataset.start), minutes: Number(block.dataset.minutes),
        height: column.querySelector('.slot').getBoundingClientRect().height / 6,
        columns: [...hours.querySelectorAll('.column')],
    };
    drag.newStart = drag.start;
    drag.newMinutes = drag.minutes;
    if (touch) resting = setTimeout(lift, restFor);
}

function lift() {
    drag.held = true;
    drag.block.setPointerCapture(drag.pointer);
    drag.block.classList.add('dragged');
}

// the page scrolls, or the browser does something else with the finger
function letGo() {
    clearTimeout(resting);
    // what was only clicked stays untouched: an element that is moved between press and release is not clicked
    if (drag?.moved || (drag?.touch && drag.held)) putBack(drag);
    const wanted = drag?.moved || waiting;
    drag = null;
    if (wanted) refresh();
}

function move(event) {
    if (event.pointerId !== drag?.pointer) return;
    // the button was let go where this page does not see it
    if (!drag.touch && !(event.buttons & 1)) return letGo();
    const far = Math.hypot(event.pageX - drag.x, event.pageY - drag.y);
    if (!drag.held) {
        if (far > 10) letGo();
        return;
    }
    if (!drag.moved && far < 5) return;
    if (!drag.moved) {
        drag.moved = true;
        lift();
    }
    const edge = 48;
    if (event.clientY < edge) scrollBy(0, -edge / 4);
    else if (event.clientY > innerHeight - edge) scrollBy(0, edge / 4);
    const step = event.shiftKey ? 5 : 15;
    const by = (event.pageY - drag.y) / drag.height * rowMinutes;
    const snap = minute => Math.round(minute / step) * step;
    const last = drag.first + drag.rows * rowMinutes;
    if (drag.resize) {
        drag.newMinutes = Math.max(step, Math.min(snap(drag.start + drag.minutes + by), last) - drag.start);
    } else {
        drag.newStart = Math.max(drag.first, Math.min(snap(drag.start + by), last - step));
        const over = drag.columns.find(column => {
            const box = column.getBoundingClientRect();
            return event.clientX >= box.left && event.clientX < box.right;
        });
        if (over && over !== drag.block.parentElement) {
            over.append(drag.block);
            drag.block.setPointerCapture(event.pointerId);
        }
    }
    place(drag.block, drag.newStart - drag.first, drag.newMinutes);
    const time = drag.block.querySelector('.time');
    if (time) time.textContent = `${clock(drag.newStart)}–${clock(drag.newStart + drag.newMinutes)}`;
}

async function end(event) {
    if (event.pointerId !== drag?.pointer) return;
    if (drag.held && (drag.moved || drag.touch)) {
        window.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50);
    }
    if (!drag.moved) {
        letGo();
        return;
    }
    const dragged = drag;
    // while the answer is awaited nothing follows the pointer
    drag.pointer = null;
    const { block, column, start, minutes, newStart, newMinutes } = dragged;
    const { date, who } = block.closest('.column').dataset;
    block.classList.remove('dragged');
    try {
        if (date === column.dataset.date && who === column.dataset.who && newStart === start && newMinutes === minutes) return;
        const scope = block.classList.contains('repeats') && block.dataset.occurrence ? await ask() : 'All';
        if (scope) await send(block.dataset, { date, start: clock(newStart), minutes: String(newMinutes), to: who }, scope);
        else putBack(dragged);
    } catch {
        putBack(dragged);
        tell('The server could not be reached: the appointment was not moved. Try again when you are connected.', false);
    } finally {
        drag = null;
        await refresh();
    }
}

// where it was before it was dragged
function putBack({ block, column, classes, time }) {
    column.append(block);
    block.className = classes;
    if (time) block.querySelector('.time').textContent = time;
}

const swallow = event => {
    event.preventDefault();
    event.stopPropagation();
};

const clock = minute => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function ask() {
    return new Promise(answer => {
        dialog.returnValue = '';
        dialog.addEventListener('close', () => answer(dialog.returnValue), { once: true });
        dialog.showModal();
    });
}

async function send(block, to, scope) {
    const body = new URLSearchParams({ ...to, Version: block.version, Scope: scope });
    if (block.occurrence) body.set('Occurrence', block.occurrence);
    const token = live.querySelector('input').value;
    const answer = await fetch(block.move, { method: 'POST', body, headers: { 'X-Form-Token': token, Accept: 'application/json' } });
    if (answer.redirected) location.reload();
    const said = answer.headers.get('Content-Type')?.startsWith('application/json') ? await answer.json() : null;
    const unreached = () => tell('The server could not be reached: the appointment was not put back.', false);
    const undo = said?.from && answer.ok ? () => send({ ...block, version: said.version, move: said.move }, said.from, scope).catch(unreached).then(refresh) : null;
    tell(said?.sentence ?? 'That did not work: it was not moved. Load the page again and try once more.', answer.ok, undo);
}

let silence;
function tell(sentence, good, undo) {
    told.className = good ? 'notice' : 'problem';
    told.replaceChildren(sentence);
    if (undo) {
        const button = document.createElement('button');
        button.className = 'small';
        button.textContent = 'Undo';
        button.addEventListener('click', undo, { once: true });
        told.append(button);
    }
    told.hidden = false;
    clearTimeout(silence);
    silence = setTimeout(() => { told.hidden = true; }, 12_000);
}

// ---- arrow keys over the slots
function walk(event) {
    const slot = event.target.closest?.('.slot');
    const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!slot || !by) return;
    const columns = [...sheet.querySelectorAll('.column')];
    const column = slot.closest('.column');
    const index = [...column.querySelectorAll('.slot')].indexOf(slot);
    const next = columns[columns.indexOf(column) + by[0]]?.querySelectorAll('.slot')[index + by[1]];
    if (!next) return;
    event.preventDefault();
    next.focus();
}

if (live && sheet) {
    document.documentElement.classList.add('movable');
    listen();
    moveNow();
    setInterval(moveNow, 20_000);
    sheet.addEventListener('keydown', walk);
    sheet.addEventListener('pointerdown', begin);
    sheet.addEventListener('pointermove', move);
    sheet.addEventListener('pointerup', end);
    sheet.addEventListener('pointercancel', event => { if (event.pointerId === drag?.pointer) letGo(); });
    sheet.addEventListener('touchmove', event => { if (drag?.touch && drag.held && event.cancelable) event.preventDefault(); }, { passive: false });
    sheet.addEventListener('contextmenu', event => { if (drag?.touch) event.preventDefault(); });
    dialog.addEventListener('close', () => { if (waiting) refresh(); });
    // a calendar that was asleep shows yesterday
    document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
}

// Patients of earlier appointments, found while a name or a reference is typed (a combobox with a list, WAI-ARIA Authoring Practices).
let lists = 0;
const pause = milliseconds => new Promise(done => { setTimeout(done, milliseconds); });

// what the server knows: patients by text, or appointment types
export async function known(address, handler, text = '') {
    try {
        const answer = await fetch(`${address}&handler=${handler}&text=${encodeURIComponent(text)}`, { headers: { Accept: 'application/json' } });
        return answer.ok && !answer.redirected ? await answer.json() : { patients: [], types: [] };
    } catch {
        return { patients: [], types: [] };
    }
}

export const nameOf = patient => [patient.givenName, patient.familyName].filter(Boolean).join(' ');

// Offers what is found for what is typed into a field. An option has words, more words, and what is done when it is taken.
export function suggest(input, find) {
    const list = document.createElement('ul');
    list.id = `suggestions-${++lists}`;
    list.className = 'suggestions';
    list.role = 'listbox';
    list.ariaLabel = 'Patients';
    list.hidden = true;
    input.after(list);
    input.role = 'combobox';
    input.ariaAutoComplete = 'list';
    input.ariaExpanded = 'false';
    input.setAttribute('aria-controls', list.id);
    let options = [];
    let active = -1;
    let turn = 0;

    function show(found) {
        options = found;
        list.replaceChildren(...found.map((option, index) => {
            const item = document.createElement('li');
            item.id = `${list.id}-${index}`;
            item.role = 'option';
            item.append(option.words);
            if (option.more) item.append(Object.assign(document.createElement('small'), { textContent: option.more }));
            item.addEventListener('click', () => take(index));
            return item;
        }));
        list.hidden = found.length === 0;
        input.ariaExpanded = String(found.length > 0);
        point(-1);
    }

    function point(index) {
        active = index;
        [...list.children].forEach((item, at) => { item.ariaSelected = String(at === index); });
        if (index < 0) input.removeAttribute('aria-activedescendant');
        else input.setAttribute('aria-activedescendant', list.children[index].id);
    }

    function take(index) {
        const { take: chosen } = options[index];
        hide();
        chosen();
    }

    function hide() {
        turn++;
        show([]);
    }

    input.addEventListener('input', async () => {
        const own = ++turn;
        await pause(150);
        if (own !== turn) return;
        const found = input.value.trim().length < 2 ? [] : await find(input.value.trim());
        if (own === turn) show(found);
    });
    input.addEventListener('keydown', event => {
        if (list.hidden) return;
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by) point((Math.max(active, by > 0 ? -1 : 0) + by + options.length) % options.length);
        else if (event.key === 'Enter' && active >= 0) take(active);
        else if (event.key === 'Escape') hide();
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    // a press on the list leaves the focus in the field
    list.addEventListener('pointerdown', event => event.preventDefault());
    input.addEventListener('blur', hide);
}

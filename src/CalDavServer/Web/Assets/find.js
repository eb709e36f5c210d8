// Looks for patients while a name is typed: the list comes without the page. Without a script the form does the same.

const form = document.querySelector('#find');
const found = document.querySelector('#found');
let waiting = 0;
let underWay = null;

async function find() {
    underWay?.abort();
    const asked = underWay = new AbortController();
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) address.searchParams.set(name, value);
    address.searchParams.set('handler', 'Found');
    const answer = await fetch(address, { signal: asked.signal }).catch(() => null);
    const list = answer?.ok ? await answer.text().catch(() => null) : null;
    if (list === null || asked !== underWay) return;
    found.innerHTML = list;
    // what was said of the choice before does not say anything of this one
    document.querySelector('.problem')?.remove();
    document.querySelector('input[name=Text]').value = form.text.value;
}

form?.addEventListener('input', () => {
    clearTimeout(waiting);
    // of less than two letters nothing is found, which takes away what was found before
    waiting = setTimeout(find, 300);
});

form?.addEventListener('submit', event => {
    event.preventDefault();
    clearTimeout(waiting);
    find();
});

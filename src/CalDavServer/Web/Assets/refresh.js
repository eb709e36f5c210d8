// A part with data-refresh="/address" is filled again from there every two seconds, until it says that it is settled.
for (const part of document.querySelectorAll('[data-refresh]')) keep(part);

async function keep(part) {
    while (part.isConnected && !part.querySelector('[data-settled]')) {
        await new Promise(resolve => setTimeout(resolve, document.hidden ? 10000 : 2000));
        try {
            // the mark: the page asks by itself, and does not keep its session alive by that
            const answer = await fetch(part.dataset.refresh, { cache: 'no-store', headers: { 'X-Open-Page': '1' } });
            // signed out elsewhere, or what is shown is gone
            if (answer.redirected || answer.status === 404) return;
            if (answer.ok && show(part, await answer.text())) return;
        } catch {
            // the connection comes back or does not: the next turn tells
        }
    }
}

// what has not changed is not read out again; whether it is settled
function show(part, html) {
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    const isSettled = fresh.content.querySelector('[data-settled]') !== null;
    if (fresh.content.textContent !== part.textContent) part.replaceChildren(fresh.content);
    return isSettled;
}

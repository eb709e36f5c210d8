// A form with data-passkey="/address" has the browser use a passkey, or make one, before it is sent: what is asked for comes from that address, and what the browser gives goes into the form's field.
// Where browsers have no passkeys such a form stays hidden.
const takesPasskeys = 'PublicKeyCredential' in window && 'credentials' in navigator;

for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (takesPasskeys) form.hidden = false;
    form.addEventListener('submit', event => {
        if (form.elements[form.dataset.passkeyField].value !== '') return;
        event.preventDefault();
        ask(form, event.submitter);
    });
}

async function ask(form, button) {
    // what was wrong with the try before
    for (const problem of document.querySelectorAll('main [role=alert]')) problem.hidden = true;
    button.disabled = true;
    try {
        const answer = await fetch(form.dataset.passkey, { method: 'POST', cache: 'no-store' });
        if (answer.redirected) throw new Error('You are signed out. Open the page again.');
        if (!answer.ok) throw new Error(await answer.text());
        const options = await answer.json();
        form.elements[form.dataset.passkeyField].value = JSON.stringify(options.user ? await make(options) : await use(options));
        button.disabled = false;
        form.requestSubmit(button);
    } catch (failure) {
        say(form, wordsOf(failure));
        button.disabled = false;
    }
}

async function use(options) {
    const credential = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) } });
    const { authenticatorData, signature, userHandle } = credential.response;
    return written(credential, { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
}

async function make(options) {
    const user = { ...options.user, id: bytes(options.user.id) };
    const credential = await navigator.credentials.create({ publicKey: { ...options, user, challenge: bytes(options.challenge), excludeCredentials: described(options.excludeCredentials) } });
    return written(credential, { attestationObject: text(credential.response.attestationObject) });
}

function written(credential, response) {
    return {
        id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {}, extensions: {},
        response: { ...response, clientDataJSON: text(credential.response.clientDataJSON) },
    };
}

function described(credentials) {
    return (credentials ?? []).map(credential => ({ type: credential.type, id: bytes(credential.id) }));
}

function bytes(text) {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
}

function text(buffer) {
    return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function say(form, words) {
    const problem = form.querySelector('[role=alert]');
    problem.textContent = words;
    problem.hidden = words === '';
}

function wordsOf(failure) {
    switch (failure.name) {
        case 'NotAllowedError': return 'The passkey was not used: the request was cancelled, or it took too long. Try again.';
        case 'InvalidStateError': return 'This device already has a passkey for your account.';
        case 'SecurityError': return 'Passkeys do not work at this address.';
        case 'NotSupportedError': return 'This device cannot keep passkeys.';
        case 'TypeError': return 'The server cannot be reached. Try again.';
        default: return failure.message;
    }
}

// A link with data-opens="x" opens the dialog of that id in place of the page it leads to; data-closes closes the dialog it is in.
for (const link of document.querySelectorAll('a[data-opens]')) {
    const dialog = document.getElementById(link.dataset.opens);
    if (!(dialog instanceof HTMLDialogElement)) continue;
    link.addEventListener('click', event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        dialog.showModal();
    });
    for (const closing of dialog.querySelectorAll('[data-closes]')) {
        closing.addEventListener('click', event => {
            event.preventDefault();
            dialog.close();
        });
    }
}

// Buttons with data-copy="id" copy the value or text of that element, and say so in the nearest [data-copied] or, without one, themselves. Without scripts they stay hidden.
for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const said = button.parentElement.querySelector("[data-copied]") ?? button;
    const before = said.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
        if (source.select) source.select();
        else getSelection().selectAllChildren(source);
        said.textContent = await copied(source) ? "Copied" : "Press Ctrl+C or ⌘C to copy";
        setTimeout(() => { said.textContent = before; }, 3000);
    });
}

// the older way works over plain http too
async function copied(source) {
    try {
        if (!navigator.clipboard) return document.execCommand("copy");
        await navigator.clipboard.writeText(source.value ?? source.textContent);
        return true;
    } catch {
        return false;
    }
}

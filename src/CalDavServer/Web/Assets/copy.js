// Buttons with data-copy="id" copy the value of that field, and say so in the nearest [data-copied]. Without scripts they stay hidden.
for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
        const field = document.getElementById(button.dataset.copy);
        const said = button.parentElement.querySelector("[data-copied]");
        try {
            await navigator.clipboard.writeText(field.value ?? field.textContent);
            said.textContent = "Copied.";
        } catch {
            field.select?.();
            said.textContent = "Press Ctrl+C or ⌘C to copy.";
        }
    });
}

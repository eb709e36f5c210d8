// What is wrong with the page in front, one sentence each. Runs in the page; changes nothing but the focus.
() => {
    const faults = [];
    const name = element => {
        const id = element.id ? `#${element.id}` : element.className && typeof element.className === "string" ? `.${element.className.trim().split(/\s+/)[0]}` : "";
        const words = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
        return `<${element.localName}${id}>${words ? ` “${words}”` : ""}`;
    };
    const isSeen = element => {
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && box.right > 0;
    };
    const all = selector => [...document.querySelectorAll(selector)].filter(isSeen);

    // the document
    if (!document.title.trim()) faults.push("no title");
    if (!document.documentElement.lang) faults.push("no language");
    if (all("h1").length !== 1) faults.push(`${all("h1").length} level one headings`);
    if (!document.querySelector("main")) faults.push("no main part");
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
    for (const label of document.querySelectorAll("label[for]")) if (!document.getElementById(label.htmlFor)) faults.push(`label of nothing: ${name(label)}`);
    for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls]")) {
        for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
            for (const id of (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)) {
                if (!document.getElementById(id)) faults.push(`${attribute} of nothing: ${name(element)}`);
            }
        }
    }

    // names
    const named = element => [element.getAttribute("aria-label"), element.title, element.innerText, element.querySelector?.("img")?.alt,
        (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean).map(id => document.getElementById(id)?.textContent).join(" ")].some(words => words?.trim());
    for (const picture of document.images) if (!picture.hasAttribute("alt")) faults.push(`picture without alt: ${picture.src}`);
    for (const drawing of all("svg[role=img]")) if (!drawing.getAttribute("aria-label") && !drawing.querySelector("title")) faults.push(`drawing without a name: ${name(drawing)}`);
    for (const field of all("input:not([type=hidden], [type=submit], [type=button]), select, textarea")) {
        if (![...field.labels].some(label => label.textContent.trim()) && !field.getAttribute("aria-label") && !field.getAttribute("aria-labelledby")) faults.push(`field without label: ${name(field)} ${field.name}`);
    }
    for (const element of all("a[href], button, summary")) if (!named(element)) faults.push(`nothing says what this does: ${element.outerHTML.slice(0, 120)}`);
    for (const table of all("table")) if (!table.querySelector("th")) faults.push(`table without headings: ${name(table)}`);

    // width
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width + 1) {
        const widest = [...document.querySelectorAll("body *")].filter(element => isSeen(element) && element.getBoundingClientRect().right > width + 1).slice(0, 3);
        faults.push(`wider than the screen: ${document.documentElement.scrollWidth} of ${width} px, ${widest.map(name).join(", ")}`);
    }

    // contrast, WCAG 2 AA
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    const known = new Map();
    const colour = text => {
        if (!known.has(text)) {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = text;
            canvas.fillRect(0, 0, 1, 1);
            const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
            known.set(text, { rgb: [red, green, blue], alpha: alpha / 255 });
        }
        return known.get(text);
    };
    const over = (top, alpha, bottom) => top.map((part, at) => part * alpha + bottom[at] * (1 - alpha));
    const luminance = rgb => {
        const [red, green, blue] = rgb.map(part => part / 255).map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
        return .2126 * red + .7152 * green + .0722 * blue;
    };
    const ratio = (one, other) => {
        const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
        return (light + .05) / (dark + .05);
    };
    const canvasColour = () => colour(getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff").rgb;
    const ground = element => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (style.backgroundImage !== "none") return null; // a picture or a gradient: not judged
            const layer = colour(style.backgroundColor);
            if (layer.alpha > 0) layers.push(layer);
            if (layer.alpha === 1) break;
        }
        return layers.reverse().reduce((below, layer) => over(layer.rgb, layer.alpha, below), canvasColour());
    };
    const opacity = element => {
        let product = 1;
        for (let at = element; at; at = at.parentElement) product *= Number(getComputedStyle(at).opacity);
        return product;
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const judged = new Set();
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.nodeValue.trim() || judged.has(element) || !isSeen(element) || element.closest("script, style, noscript, option, :disabled, [aria-disabled=true]")) continue;
        judged.add(element);
        const style = getComputedStyle(element);
        const behind = ground(element);
        if (behind === null || style.clipPath !== "none") continue;
        const ink = colour(style.color);
        const faded = opacity(element);
        const behindAll = faded < 1 ? ground(element.closest("main, header, body").parentElement) ?? behind : behind;
        const seenInk = over(over(ink.rgb, ink.alpha, behind), faded, behindAll);
        const seenGround = over(behind, faded, behindAll);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const found = ratio(seenInk, seenGround);
        if (found < (large ? 3 : 4.5)) faults.push(`contrast ${found.toFixed(2)}: ${name(element)}`);
    }

    // focus
    const before = document.activeElement;
    for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']").filter(element => !element.matches(":disabled"))) {
        element.focus({ preventScroll: true });
        if (document.activeElement !== element) continue; // behind a dialog
        const style = getComputedStyle(element);
        const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
        if (!drawn) faults.push(`focus is not seen: ${name(element)}`);
    }
    document.activeElement?.blur();
    if (before?.closest?.("dialog")) before.focus({ preventScroll: true });
    return faults;
}

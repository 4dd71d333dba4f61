// Drawings with zoom, search, and what stands behind each box. The boxes were laid out when the page was made, once for each
// level of folding; unfolding goes to the level at which a module is open.

function startDrawing() {
    const place = bodyOf("drawing");
    if (place) place.append(drawingView([...data.pictures.keys()].slice(0, data.pictures.length - drawnVariants())));
}

const drawnVariants = () => data.variants.filter((variant) => variant.picture !== null && variant.picture !== undefined).length;

// How a price was come by, where that needs saying.
const BASES = {
    functionBody: "as its ONNX function body", composed: "as protocols put together", clear: "computed in the clear",
};

// The colours of a drawing with the largest figure of each.
const heatLegend = (colours, steps) => colours.map((colour, step) => ({ colour, text: `≤ ${formatBytes(steps[step])}` }));

function drawingView(pictures) {
    // To begin with: what came out, in as much detail as can be taken in at a glance.
    const first = pictures[Math.min(1, pictures.length - 1)];
    const view = {
        picture: first,
        level: Math.max(0, data.pictures[first].levels.findLastIndex((level) => level.boxes.length <= 40)),
        zoom: 1,
        pinned: null,
    };
    const tools = make("div", { class: "tools" });
    const canvas = make("div", { class: "canvas", tabindex: "0", role: "region" });
    const inspector = make("aside", { class: "inspector", "aria-live": "polite" });
    const hits = make("span", { class: "hits", role: "status" });
    const search = make("input", { type: "search", placeholder: "Name or operator", "aria-label": "Find in the drawing" });
    const alternative = make("details", { class: "alternative" }, make("summary", {}, "As text"));
    const scale = make("div");
    const notes = make("p", { class: "caption" });
    let found = [];
    let current = -1;

    const picture = () => data.pictures[view.picture];
    const level = () => picture().levels[view.level];
    const boxes = () => new Map(level().boxes.map((box) => [box.id, box]));
    const drawing = () => canvas.querySelector("svg");
    const elementOf = (id) => canvas.querySelector(`[id="${id}"]`);

    const itemsAt = (run, places) => {
        if (run === null || run === undefined || places.length === 0) return [];
        const members = new Set(places);
        return itemsOf(run).filter((item) => members.has(item.index));
    };
    // Of what both graphs of a difference have, the one after counts.
    const itemsOfBox = (box) => {
        const kept = itemsAt(picture().run, box.members);
        return kept.length > 0 ? kept : itemsAt(picture().lostRun, box.lost);
    };
    // The operators of a box: those that were lost are told apart by their sign.
    const operatorsOf = (box) => [...box.members, ...box.lost.map((place) => -1 - place)];
    const isShown = (box) => box.members.length + box.lost.length > 0;
    const sharesOperator = (box, other) => operatorsOf(other).includes(operatorsOf(box)[0]);

    const scaleText = () => make("ol", { class: "scale", "aria-label": "Colours by online bytes of a box" },
        heatLegend(data.colours, level().scale).map(({ colour, text }) =>
            make("li", {}, make("span", { class: "patch", style: { background: colour } }), text)));

    const zoomTo = (zoom, centre) => {
        const svg = drawing();
        if (!svg) return;
        const bounds = canvas.getBoundingClientRect();
        const [x, y] = centre ?? [canvas.clientWidth / 2, canvas.clientHeight / 2];
        const next = Math.min(8, Math.max(0.05, zoom));
        const ratio = next / view.zoom;
        const [left, top] = [(canvas.scrollLeft + x) * ratio - x, (canvas.scrollTop + y) * ratio - y];
        view.zoom = next;
        const { width, height } = svg.viewBox.baseVal;
        svg.style.width = `${width * next}px`;
        svg.style.height = `${height * next}px`;
        if (bounds.width > 0) canvas.scrollTo(left, top);
    };

    // Wide enough to read; whatever is longer than the window is scrolled.
    const fit = (whole) => {
        const svg = drawing();
        const { width, height } = svg.viewBox.baseVal;
        const across = (canvas.clientWidth - 2) / width;
        zoomTo(whole ? Math.min(across, (canvas.clientHeight - 2) / height) : Math.min(1.15, Math.max(0.45, across)));
        canvas.scrollTo(Math.max(0, (width * view.zoom - canvas.clientWidth) / 2), 0);
    };

    const centreOn = (element) => {
        const target = element.getBoundingClientRect();
        const bounds = canvas.getBoundingClientRect();
        canvas.scrollBy(target.left + target.width / 2 - bounds.left - bounds.width / 2,
            target.top + Math.min(target.height, bounds.height) / 2 - bounds.top - bounds.height / 2);
    };

    const amountOf = (cost, whole) => make("p", { class: "amount" }, cost.every((figure) => figure === 0) ? "Sends nothing." : [
        make("strong", {}, formatBytes(cost[ONLINE_BYTES])),
        ` · ${formatRounds(cost[ONLINE_ROUNDS])} · ${formatSeconds(seconds(cost))}`,
        whole ? ` · ${formatShare(measured(cost), measured(whole))} of ${measures[state.measure].unit}` : "",
        cost[OFFLINE_BYTES] > 0 ? ` · ${formatBytes(cost[OFFLINE_BYTES])} offline` : "",
    ]);

    function inspect(box) {
        for (const old of canvas.querySelectorAll(".node.shown")) old.classList.remove("shown");
        if (!box) {
            inspector.replaceChildren(make("p", { class: "hint" }, "Choose a box to see what its traffic is spent on."));
            return;
        }
        elementOf(box.id)?.classList.add("shown");
        const items = itemsOfBox(box);
        const cost = items.length > 0 ? sumOf(items) : box.cost;
        const run = box.members.length === 0 && box.lost.length > 0 ? picture().lostRun : picture().run;
        const whole = run === null || run === undefined ? null : data.runs[run].total;
        const facts = [
            ["name", items.length === 1 ? items[0].name : null],
            ["module", items.length === 1 ? modulePath(items[0]) : null],
            ["shape", box.shape],
            ["change", box.change],
            ["priced", items.length === 1 ? BASES[items[0].basis] : null],
        ].filter(([, text]) => text);
        inspector.replaceChildren(
            make("h3", {}, nameOf(box.title, {}, 48), box.copies > 1 ? ` × ${box.copies}` : ""),
            make("dl", { class: "facts" },
                facts.map(([term, text]) => [make("dt", {}, term), make("dd", {}, nameOf(text, {}, 120))])),
            cost ? amountOf(cost, whole) : "",
            ...(items.length > 0 ? [items.length === 1
                ? treeList(functionTrees(callsBelow(items)), measured(cost))
                : treeList(operatorTrees(items), measured(cost))] : []),
            make("div", { class: "buttons" },
                box.kind === "module" && view.level + 1 < picture().levels.length ? button("Unfold", () => unfold(box)) : null,
                items.length === 1 && foldedAs(box) ? button("Fold its module", () => fold(box)) : null));
    }

    // The box of a coarser level that holds this one.
    const foldedAs = (box) => view.level === 0 ? undefined : picture().levels[view.level - 1].boxes
        .find((other) => other.kind === "module" && isShown(box) && sharesOperator(box, other));

    function unfold(box) {
        view.level += 1;
        showTools();
        showDrawing();
        const inside = level().boxes.find((other) => sharesOperator(box, other));
        if (inside) { pin(inside); centreOn(elementOf(inside.id)); }
    }

    // A click on the title of a frame folds its module.
    function foldFrame(path) {
        if (picture().run === null || picture().run === undefined) return;
        const item = itemsOf(picture().run).find((one) => modulePath(one) === path || modulePath(one).startsWith(path + "."));
        const box = item && level().boxes.find((one) => one.members.includes(item.index));
        if (box) fold(box);
    }

    function fold(box) {
        const outer = foldedAs(box);
        if (!outer) return;
        view.level -= 1;
        showTools();
        showDrawing();
        pin(outer);
        centreOn(elementOf(outer.id));
    }

    const pin = (box) => { view.pinned = box; inspect(box); };
    const boxAt = (target) => { const element = target.closest?.(".node"); return element && boxes().get(element.id); };

    function showDrawing() {
        view.pinned = null;
        const svg = document.importNode(document.getElementById(level().element).content, true).querySelector("svg");
        const title = shortName(picture().title, 60);
        canvas.setAttribute("aria-label", `Drawing of ${title}; plus and minus zoom, arrow keys move`);
        inspector.setAttribute("aria-label", `A box of ${title}`);
        svg.setAttribute("role", "group");
        svg.setAttribute("aria-label", `${title}, ${level().title}: ${level().boxes.length} boxes; the same follows as text`);
        canvas.replaceChildren(svg);
        const known = boxes();
        for (const element of svg.querySelectorAll(".node")) {
            const title = element.querySelector("title");
            const box = known.get(element.id);
            if (box && isShown(box)) {
                element.setAttribute("tabindex", "0");
                element.setAttribute("role", "button");
                element.setAttribute("aria-label", shortName((title?.textContent ?? box.title).replaceAll("\n", ", "), 300));
                title?.remove();
            }
        }
        fit(false);
        const outlines = level().boxes.some((box) => box.change) ? ["Blue outline: new; dotted: changed; dashed: lost."] : [];
        scale.replaceChildren(scaleText());
        notes.textContent = [...outlines, ...level().notes].join(" ");
        inspect(null);
        find();
        if (alternative.open) fillAlternative();
    }

    function find() {
        const words = search.value.trim();
        const texts = (box) => [box.title, box.name, box.change, ...itemsOfBox(box).flatMap((item) => [item.name, item.op])];
        for (const element of canvas.querySelectorAll(".hit")) element.classList.remove("hit");
        canvas.classList.toggle("searching", words !== "");
        found = words === "" ? [] : level().boxes.filter((box) => isFound(words, texts(box)));
        for (const box of found) elementOf(box.id)?.classList.add("hit");
        current = -1;
        hits.textContent = words === "" ? "" : found.length === 1 ? "1 box" : `${found.length} boxes`;
        if (found.length > 0) step();
    }

    function step() {
        if (found.length === 0) return;
        current = (current + 1) % found.length;
        hits.textContent = `${current + 1} of ${found.length}`;
        inspect(found[current]);
        const element = elementOf(found[current].id);
        if (element) centreOn(element);
    }

    function fillAlternative() {
        const known = boxes();
        const nameAt = (id) => shortName(known.get(id)?.name || known.get(id)?.title || "", 40);
        const line = (box) => make("li", {},
            make("strong", {}, nameOf(box.title, {}, 60)), " ", nameOf(box.name || "", { class: "name dim" }, 60),
            box.shape ? ` [${box.shape}]` : "",
            box.cost ? ` ${formatBytes(box.cost[ONLINE_BYTES])}, ${formatRounds(box.cost[ONLINE_ROUNDS])}` : "",
            box.change ? ` (${box.change})` : "",
            box.from.length > 0 ? [" from ", box.from.slice(0, 6).map(nameAt).join(", ")] : "");
        const shown = level().boxes.filter((box) => box.kind !== "output" || box.name);
        alternative.replaceChildren(alternative.firstChild, make("ol", { class: "boxes", tabindex: "0" }, shown.map(line)));
    }

    function showTools() {
        const current = picture();
        const drawn = pictures.map((position) => [String(position), data.pictures[position].title]);
        const details = current.levels.map((one, position) => [String(position), one.title]);
        tools.replaceChildren(
            ...(drawn.length > 1 ? [oneOf("Drawn", drawn, String(view.picture), (position) => {
                view.picture = Number(position);
                view.level = Math.min(view.level, picture().levels.length - 1);
                showTools();
                showDrawing();
            })] : []),
            ...(details.length > 1 ? [oneOf("Detail", details, String(view.level), (position) => {
                view.level = Number(position);
                showDrawing();
            })] : []),
            make("div", { class: "buttons", role: "group", "aria-label": "Zoom" },
                button("−", () => zoomTo(view.zoom / 1.25), { "aria-label": "Zoom out", class: "zoom" }),
                button("+", () => zoomTo(view.zoom * 1.25), { "aria-label": "Zoom in", class: "zoom" }),
                button("Fit", () => fit(true), { "aria-label": "Fit the drawing into its frame" })),
            make("div", { class: "search" }, search, hits));
    }

    search.addEventListener("input", find);
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") step(); });
    for (const kind of ["mouseover", "focusin"]) {
        canvas.addEventListener(kind, (event) => {
            const box = boxAt(event.target);
            if (box && isShown(box) && !view.pinned) inspect(box);
        });
    }
    let dragged = null;
    canvas.addEventListener("pointerdown", (event) => {
        if (event.pointerType === "mouse" && event.button === 0) dragged = { x: event.clientX, y: event.clientY, moved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
        if (!dragged) return;
        if (Math.abs(event.clientX - dragged.x) + Math.abs(event.clientY - dragged.y) < 4 && !dragged.moved) return;
        canvas.scrollBy(dragged.x - event.clientX, dragged.y - event.clientY);
        Object.assign(dragged, { x: event.clientX, y: event.clientY, moved: true });
        canvas.classList.add("dragging");
    });
    window.addEventListener("pointerup", () => { setTimeout(() => { dragged = null; }); canvas.classList.remove("dragging"); });
    canvas.addEventListener("click", (event) => {
        if (dragged?.moved) return;
        const frame = event.target.closest?.("text") && event.target.closest(".cluster");
        if (frame) return foldFrame(frame.querySelector("title")?.textContent ?? "");
        const box = boxAt(event.target);
        pin(box && isShown(box) && view.pinned !== box ? box : null);
    });
    canvas.addEventListener("dblclick", (event) => {
        const box = boxAt(event.target);
        if (box?.kind === "module" && view.level + 1 < picture().levels.length) unfold(box);
    });
    canvas.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const bounds = canvas.getBoundingClientRect();
        zoomTo(view.zoom * Math.exp(-event.deltaY / 300), [event.clientX - bounds.left, event.clientY - bounds.top]);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
        const action = {
            "+": () => zoomTo(view.zoom * 1.25),
            "=": () => zoomTo(view.zoom * 1.25),
            "-": () => zoomTo(view.zoom / 1.25),
            "0": () => fit(true),
            Escape: () => pin(null),
        }[event.key];
        const box = event.key === "Enter" || event.key === " " ? boxAt(event.target) : null;
        if (!action && !box) return;
        event.preventDefault();
        if (box) pin(view.pinned === box ? null : box);
        else action();
    });
    alternative.addEventListener("toggle", () => { if (alternative.open) fillAlternative(); });

    const root = make("div", { class: "drawing-view" }, tools, make("div", { class: "stage" }, canvas, inspector), scale, notes,
        make("div", { class: "downloads" },
            button("Download this drawing (SVG)", () => downloadDrawing(drawing(), picture().title))),
        alternative);
    showTools();
    // A drawing is laid out into a frame that has a width, which it gets when it is in the page.
    requestAnimationFrame(() => { showDrawing(); onChange(() => { if (view.pinned) inspect(view.pinned); }); });
    return root;
}

function downloadDrawing(svg, title) {
    const copy = svg.cloneNode(true);
    copy.setAttribute("xmlns", SVG);
    copy.setAttribute("font-family", "Helvetica, Arial, sans-serif");
    copy.removeAttribute("style");
    for (const element of copy.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
    download(fileName(`-${title.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 30)}.svg`), "image/svg+xml",
        new XMLSerializer().serializeToString(copy));
}

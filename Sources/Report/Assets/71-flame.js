// A flame graph, root on top: as wide as the part of the whole, one row a level. A click makes a frame the whole.

function startFlame() {
    const place = bodyOf("flame");
    if (!place) return;
    const ROW = 24;
    let path = [];
    const crumbs = make("nav", { class: "crumbs", "aria-label": "Zoomed into" });
    const label = "Flame graph; a table of the same follows as text";
    const chart = make("div", { class: "flame", role: "group", "aria-label": label });
    const status = make("p", { class: "caption", role: "status" });
    const alternative = make("details", { class: "alternative" }, make("summary", {}, "As text"));
    const legend = make("p", { class: "legend" }, ["module", "operator", "function", "primitive"].map((kind) =>
        make("span", {}, make("span", { class: `swatch ${kind}` }), kind === "function" ? "secure function" : kind)));

    const follow = () => {
        let tree = treeOf(state.run);
        const trees = [tree];
        for (const step of path) {
            const next = tree.children.find((child) => child.name === step.name && child.kind === step.kind);
            if (!next) break;
            trees.push(tree = next);
        }
        path = trees.slice(1).map(({ name, kind }) => ({ name, kind }));
        return trees;
    };
    const describe = (tree) => {
        const whole = data.runs[state.run].total;
        const times = tree.count > 1 && tree.kind !== "model" ? ` × ${formatCount(tree.count)}` : "";
        const share = formatShare(measured(tree.cost), measured(whole));
        return `${shortName(tree.name, 60)}${times}: ${costText(tree.cost)} (${share})`;
    };
    const goTo = (steps) => { path = steps; show(); chart.querySelector("button")?.focus({ preventScroll: true }); };

    function show() {
        const trees = follow();
        const root = trees[trees.length - 1];
        const whole = measured(root.cost);
        const frames = [];
        let deepest = 0;
        const draw = (tree, start, level, steps) => {
            const width = whole > 0 ? measured(tree.cost) / whole * 100 : level === 0 ? 100 : 0;
            if (level > 0 && width < 0.12) return;
            deepest = Math.max(deepest, level);
            const isWide = width / 100 * chart.clientWidth >= 20;
            frames.push(button(isWide ? shortName(tree.name, 60) : "", () => goTo(level === 0 ? path.slice(0, -1) : steps), {
                class: `frame ${tree.kind}`,
                title: describe(tree),
                "aria-label": describe(tree),
                tabindex: frames.length === 0 ? "0" : "-1",
                "data-level": level,
                style: { left: `${start}%`, width: `${width}%`, top: `${level * ROW}px` },
            }));
            let offset = start;
            for (const child of dearestFirst(tree.children)) {
                draw(child, offset, level + 1, [...steps, { name: child.name, kind: child.kind }]);
                offset += whole > 0 ? measured(child.cost) / whole * 100 : 0;
            }
        };
        draw(root, 0, 0, path);
        chart.style.height = `${(deepest + 1) * ROW}px`;
        chart.replaceChildren(...frames);
        const hint = make("span", { class: "hint" }, "Choose a part to make it the whole.");
        crumbs.replaceChildren(...(trees.length === 1 ? [hint] : [
            ...trees.slice(0, -1).map((tree, depth) => button(shortName(tree.name, 24), () => goTo(path.slice(0, depth)))),
            make("span", { "aria-current": "true" }, shortName(root.name, 40)),
        ]));
        status.textContent = describe(root);
        if (alternative.open) fillAlternative();
    }

    function fillAlternative() {
        const trees = follow();
        const root = trees[trees.length - 1];
        alternative.replaceChildren(alternative.firstChild, treeList(root.children, measured(root.cost)));
    }

    // Arrow keys walk from frame to frame: down to the widest part, up to the whole, left and right on a level.
    chart.addEventListener("keydown", (event) => {
        const frames = [...chart.querySelectorAll("button")];
        const at = document.activeElement;
        if (!frames.includes(at)) return;
        const level = Number(at.dataset.level);
        const left = (frame) => parseFloat(frame.style.left);
        const isBelow = (frame) => left(frame) >= left(at) - 1e-9 && left(frame) < left(at) + parseFloat(at.style.width);
        const on = (wanted) => frames.filter((frame) => Number(frame.dataset.level) === wanted).sort((a, b) => left(a) - left(b));
        const row = on(level);
        const next = {
            ArrowRight: () => row[row.indexOf(at) + 1],
            ArrowLeft: () => row[row.indexOf(at) - 1],
            ArrowUp: () => on(level - 1).filter((frame) => left(frame) <= left(at) + 1e-9).pop(),
            ArrowDown: () => on(level + 1).find(isBelow),
            Home: () => frames[0],
        }[event.key]?.();
        if (event.key === "Escape" && path.length > 0) goTo(path.slice(0, -1));
        if (!next) return;
        event.preventDefault();
        at.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
    });
    for (const kind of ["mouseover", "focusin"]) {
        chart.addEventListener(kind, (event) => { if (event.target.title) status.textContent = event.target.title; });
    }
    alternative.addEventListener("toggle", () => { if (alternative.open) fillAlternative(); });
    place.append(crumbs, chart, status, legend, alternative);
    onChange(show);
    window.addEventListener("resize", show);
}

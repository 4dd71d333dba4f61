// Frameworks beside each other, and the phases of a training step.

function startFrameworks() {
    const place = bodyOf("frameworks");
    if (!place) return;
    const rows = data.runs.map((run, row) => ({ row, key: run.title, label: run.title, run }));
    let longest = 0;
    const table = sortableTable({
        caption: "Frameworks",
        limit: 30,
        rows: () => {
            longest = Math.max(0, ...data.runs.filter((run) => run.missing.length === 0).map((run) => measured(run.total)));
            return [...rows].sort((a, b) => (a.run.missing.length > 0) - (b.run.missing.length > 0) || measured(a.run.total) - measured(b.run.total));
        },
        chosen: (row) => row.row === state.run,
        columns: [
            { title: "Framework", key: (row) => row.run.title, show: (row) => button(shortName(row.run.title, 40), () => change({ run: row.row }), { class: "link", "aria-pressed": String(row.row === state.run) }) },
            { title: "Spent", key: (row) => measured(row.run.total), show: (row) => row.run.missing.length > 0 ? make("span", { class: "badge" }, "not all priced") : bar(measured(row.run.total), longest) },
            { title: "Parties", isNumber: true, isMinor: true, key: (row) => row.run.framework.parties, show: (row) => String(row.run.framework.parties) },
            ...costColumns((row) => row.run.total),
            { title: "Batched", isNumber: true, key: (row) => row.run.criticalPathRounds ?? -1, show: (row) => row.run.criticalPathRounds === null || row.run.criticalPathRounds === undefined ? "" : formatCount(row.run.criticalPathRounds) },
            { title: "Unpriced", isNumber: true, key: (row) => row.run.missing.length, show: (row) => row.run.missing.length === 0 ? "" : formatCount(row.run.missing.length) },
        ],
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" }, "Everything below shows the framework chosen here. ‘Batched’ is the rounds that independent operators would need if they shared messages."));
}

const PHASES = ["forward", "loss", "backward", "optimizer"];

function startPhases() {
    const place = bodyOf("phases");
    if (!place) return;
    const strip = make("div", { class: "strip" });
    const layers = () => grouped(itemsOf(state.run), (item) => item.name).map(([name, items], row) => {
        const costs = Object.fromEntries(PHASES.map((phase) => [phase, sumOf(items.filter((item) => item.phase === phase))]));
        return { row, key: name, label: name, name, op: items[0].op, costs, total: sumOf(items) };
    });
    const used = () => PHASES.filter((phase) => itemsOf(state.run).some((item) => item.phase === phase));
    const table = sortableTable({
        caption: "Layers by phase",
        rows: layers,
        limit: 12,
        sorted: { column: 5, descending: true },
        columns: [
            { title: "Layer", key: (row) => row.name, show: (row) => [nameOf(row.name, {}, 48), make("span", { class: "times" }, ` ${shortName(row.op, 24)}`)] },
            ...PHASES.map((phase) => ({ title: phase[0].toUpperCase() + phase.slice(1), isNumber: true, key: (row) => measured(row.costs[phase]), show: (row) => measured(row.costs[phase]) === 0 ? "" : measuredText(row.costs[phase]) })),
            { title: "All", isNumber: true, key: (row) => measured(row.total), show: (row) => measuredText(row.total) },
        ],
    });
    place.append(strip, table.element);
    onChange(() => {
        const whole = measured(data.runs[state.run].total);
        const sums = used().map((phase) => [phase, sumOf(itemsOf(state.run).filter((item) => item.phase === phase))]);
        strip.replaceChildren(
            make("div", { class: "stack", "aria-hidden": "true" }, sums.map(([phase, cost]) => make("span", { class: `phase ${phase}`, style: { width: `${whole > 0 ? measured(cost) / whole * 100 : 0}%` } }))),
            make("ul", { class: "legend" }, sums.map(([phase, cost]) => make("li", {}, make("span", { class: `swatch ${phase}` }), `${phase} `, make("strong", {}, measuredText(cost)), ` ${formatShare(measured(cost), whole)}`))));
    });
}

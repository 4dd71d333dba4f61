// Frameworks beside each other, and the phases of a training step.

function startFrameworks() {
    const place = bodyOf("frameworks");
    if (!place) return;
    const rows = data.runs.map((run, row) => ({ row, key: run.title, label: run.title, run }));
    const isWhole = (run) => run.missing.length === 0;
    let longest = 0;
    const table = sortableTable({
        caption: "Frameworks",
        limit: 30,
        rows: () => {
            longest = Math.max(0, ...data.runs.filter(isWhole).map((run) => measured(run.total)));
            return [...rows].sort((a, b) =>
                isWhole(b.run) - isWhole(a.run) || measured(a.run.total) - measured(b.run.total));
        },
        chosen: (row) => row.row === state.run,
        columns: [
            {
                title: "Framework",
                key: (row) => row.run.title,
                show: (row) => button(shortName(row.run.title, 40), () => change({ run: row.row }),
                    { class: "link", "aria-pressed": String(row.row === state.run) }),
            },
            {
                title: "Spent",
                key: (row) => measured(row.run.total),
                show: (row) => isWhole(row.run) ? bar(measured(row.run.total), longest)
                    : make("span", { class: "badge" }, "not all priced"),
            },
            { ...numberColumn("Parties", (row) => row.run.framework.parties, String), isMinor: true },
            ...costColumns((row) => row.run.total),
            numberColumn("Batched", (row) => row.run.criticalPathRounds ?? -1, (rounds) => rounds < 0 ? "" : formatCount(rounds)),
            numberColumn("Unpriced", (row) => row.run.missing.length, (count) => count === 0 ? "" : formatCount(count)),
        ],
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" }, "Everything below shows the framework chosen here. ",
        "‘Batched’ is the rounds that independent operators would need if they shared messages."));
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
            {
                title: "Layer",
                key: (row) => row.name,
                show: (row) => [nameOf(row.name, {}, 48), make("span", { class: "times" }, ` ${shortName(row.op, 24)}`)],
            },
            ...PHASES.map((phase) => numberColumn(phase[0].toUpperCase() + phase.slice(1),
                (row) => measured(row.costs[phase]), (amount) => amount === 0 ? "" : amountText(amount))),
            numberColumn("All", (row) => measured(row.total), amountText),
        ],
    });
    place.append(strip, table.element);
    onChange(() => {
        const whole = measured(data.runs[state.run].total);
        const sums = used().map((phase) => [phase, sumOf(itemsOf(state.run).filter((item) => item.phase === phase))]);
        const width = (cost) => `${whole > 0 ? measured(cost) / whole * 100 : 0}%`;
        strip.replaceChildren(
            make("div", { class: "stack", "aria-hidden": "true" }, sums.map(([phase, cost]) =>
                make("span", { class: `phase ${phase}`, style: { width: width(cost) } }))),
            make("ul", { class: "legend" }, sums.map(([phase, cost]) => make("li", {},
                make("span", { class: `swatch ${phase}` }), `${phase} `,
                make("strong", {}, measuredText(cost)), ` ${formatShare(measured(cost), whole)}`))));
    });
}

// What rules did, one row a rule.

function startRewrites() {
    const place = bodyOf("rewrites");
    if (!place) return;
    const rules = grouped(data.rewrites, (rewrite) => rewrite.rule).map(([rule, steps], row) => ({
        row, key: rule, label: rule, rule, steps, summary: steps[0].summary, exactness: steps[0].exactness,
        saved: totalOf(steps.map((step) => step.saved)),
    }));
    const nodesOf = (step) => step.nodes.length === 0 ? "in the whole graph"
        : step.nodes.map((name, place) => [place > 0 ? ", " : "", nameOf(name, {}, 60)]);
    const lineOf = (step) =>
        make("li", {}, make("span", { class: "figure" }, formatBytes(step.saved[ONLINE_BYTES])), " ", nodesOf(step));
    let longest = 0;
    const table = sortableTable({
        caption: "Rewrites with what they saved",
        rows: () => { longest = Math.max(0, ...rules.map((row) => measured(row.saved))); return rules; },
        sorted: { column: 2, descending: true },
        columns: [
            {
                title: "Rule",
                key: (row) => row.rule,
                show: (row) => [
                    nameOf(row.rule, { class: "name rule" }, 60),
                    row.exactness === "exact" ? null : make("span", { class: "badge" }, row.exactness),
                ],
            },
            numberColumn("Times", (row) => row.steps.length, formatCount),
            { title: "Saved", key: (row) => measured(row.saved), show: (row) => bar(measured(row.saved), longest) },
            ...costColumns((row) => row.saved, { hasOffline: someOffline(rules.map((row) => row.saved)) }),
        ],
        detail: (row) => make("div", { class: "rewrite" }, row.summary ? make("p", {}, row.summary) : null,
            make("ol", { class: "sites", tabindex: "0" }, row.steps.map(lineOf))),
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" },
        "What the steps saved when they were taken, online. A step can cost something that a later one pays back; ",
        "a framework whose compiler joins operators can charge less for a graph than for its parts."));
}

// What rules did, one row a rule.

function startRewrites() {
    const place = bodyOf("rewrites");
    if (!place) return;
    const rules = grouped(data.rewrites, (rewrite) => rewrite.rule).map(([rule, steps], row) => ({
        row, key: rule, label: rule, rule, steps, summary: steps[0].summary, exactness: steps[0].exactness,
        saved: steps.reduce((sum, step) => addCosts(sum, step.saved), noCost()),
    }));
    let longest = 0;
    const table = sortableTable({
        caption: "Rewrites with what they saved",
        rows: () => { longest = Math.max(0, ...rules.map((row) => measured(row.saved))); return rules; },
        sorted: { column: 2, descending: true },
        columns: [
            { title: "Rule", key: (row) => row.rule, show: (row) => [nameOf(row.rule, { class: "name rule" }, 60), row.exactness === "exact" ? null : make("span", { class: "badge" }, row.exactness)] },
            { title: "Times", isNumber: true, key: (row) => row.steps.length, show: (row) => formatCount(row.steps.length) },
            { title: "Saved", key: (row) => measured(row.saved), show: (row) => bar(measured(row.saved), longest) },
            { title: "Bytes", isNumber: true, key: (row) => row.saved[ONLINE_BYTES], show: (row) => formatBytes(row.saved[ONLINE_BYTES]) },
            { title: "Rounds", isNumber: true, key: (row) => row.saved[ONLINE_ROUNDS], show: (row) => formatCount(row.saved[ONLINE_ROUNDS]) },
            { title: "Time", isNumber: true, key: (row) => seconds(row.saved), show: (row) => formatSeconds(seconds(row.saved)) },
            ...(rules.some((row) => row.saved[OFFLINE_BYTES] !== 0) ? [{ title: "Offline", isNumber: true, key: (row) => row.saved[OFFLINE_BYTES], show: (row) => formatBytes(row.saved[OFFLINE_BYTES]) }] : []),
        ],
        detail: (row) => make("div", { class: "rewrite" }, row.summary ? make("p", {}, row.summary) : null,
            make("ol", { class: "sites", tabindex: "0" }, row.steps.map((step) => make("li", {}, make("span", { class: "figure" }, formatBytes(step.saved[ONLINE_BYTES])), " ",
                step.nodes.length > 0 ? step.nodes.map((name, place) => [place > 0 ? ", " : "", nameOf(name, {}, 60)]) : "in the whole graph")))),
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" },
        "What the steps saved when they were taken, online. A step can cost something that a later one pays back; a framework whose compiler joins operators can charge less for a graph than for its parts."));
}

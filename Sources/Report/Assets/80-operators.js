// Every operator in a table, with downloads; and those without a price.

function startOperators() {
    const place = bodyOf("operators");
    if (!place) return;
    const filter = make("input", { type: "search", placeholder: "Name, operator or module", "aria-label": "Show only operators with this in their name, type or module" });
    const hasPhases = data.runs.some((run) => run.items.phase.some(Boolean));
    const rows = () => {
        const words = filter.value.trim().toLowerCase();
        return itemsOf(state.run).filter((item) => words === "" || [item.name, item.op, modulePath(item), item.phase ?? ""].some((text) => text.toLowerCase().includes(words)))
            .map((item) => ({ row: item.row, key: `${state.run} ${item.row}`, label: item.name || item.op, item }));
    };
    const table = sortableTable({
        caption: "Operators with their costs",
        rows,
        limit: 15,
        sorted: { column: 3, descending: true },
        columns: [
            { title: "Name", key: (row) => row.item.name, show: (row) => nameOf(row.item.name, {}, 72) },
            { title: "Operator", key: (row) => row.item.op, show: (row) => nameOf(row.item.op, {}, 32) },
            hasPhases ? { title: "Phase", key: (row) => row.item.phase ?? "", show: (row) => row.item.phase ?? "" }
                : { title: "Module", isMinor: true, key: (row) => modulePath(row.item), show: (row) => nameOf(modulePath(row.item) || "–", {}, 48) },
            ...costColumns((row) => row.item.cost, () => data.runs[state.run].total),
        ],
        detail: (row) => treeList(functionTrees(callsBelow([row.item])), measured(row.item.cost)),
    });
    filter.addEventListener("input", table.update);
    place.append(make("div", { class: "tools" }, make("div", { class: "search" }, filter)), table.element,
        make("div", { class: "downloads" }, button("Download CSV", downloadCSV), button("Download JSON", downloadJSON)));
    startMissing();
}

function downloadCSV() {
    const run = data.runs[state.run];
    const header = ["name", "op", "scope", "phase", "online_bytes", "online_rounds", "offline_bytes", "offline_rounds", "basis", "reason"];
    const rows = itemsOf(state.run).map((item) => [item.name, item.op, modulePath(item), item.phase ?? "", ...item.cost, item.basis, ""]);
    const missing = run.missing.map((item) => [item.name, item.op, "", "", "", "", "", "", "", item.reason]);
    download(fileName(data.runs.length > 1 ? `-${run.title}.csv` : ".csv"), "text/csv", csvText(header, [...rows, ...missing]));
}

// In the shape of 'harrier profile --format json'.
function downloadJSON() {
    const traffic = (bytes, rounds) => ({ bytes, rounds });
    const shaped = (cost) => ({ online: traffic(cost[ONLINE_BYTES], cost[ONLINE_ROUNDS]), offline: traffic(cost[OFFLINE_BYTES], cost[OFFLINE_ROUNDS]) });
    const runs = data.runs.map((run, position) => ({
        title: run.title, model: data.model, framework: run.framework.name, parties: run.framework.parties, config: run.framework.config,
        totals: shaped(run.total), time: { network: state.network.name, bytesPerSecond: state.network.bytesPerSecond, latency: state.network.latency, seconds: seconds(run.total) },
        nodes: itemsOf(position).map((item) => ({ name: item.name, op: item.op, scope: modulePath(item), ...(item.phase ? { phase: item.phase } : {}), basis: item.basis, ...shaped(item.cost) })),
        unpriced: run.missing,
    }));
    const document = runs.length === 1 ? runs[0] : { runs, rewrites: data.rewrites.map((rewrite) => ({ ...rewrite, saved: shaped(rewrite.saved) })), variants: data.variants.map((variant) => ({ ...variant, total: shaped(variant.total) })) };
    download(fileName(".json"), "application/json", JSON.stringify(document, null, 2) + "\n");
}

function startMissing() {
    const section = document.getElementById("missing");
    onChange(() => {
        const missing = data.runs[state.run].missing;
        section.hidden = missing.length === 0;
        const groups = grouped(missing, (item) => `${item.op}: ${item.reason}`);
        bodyOf("missing").replaceChildren(
            make("p", {}, `${missing.length === 1 ? "This operator has" : "These operators have"} no price under ${data.runs[state.run].framework.title}, and ${missing.length === 1 ? "is" : "are"} in no total.`),
            make("ul", {}, groups.map(([, members]) => make("li", {}, make("strong", {}, nameOf(members[0].op, {}, 40)), ` × ${members.length}: `, shortName(members[0].reason, 300),
                make("details", {}, make("summary", {}, "names"), make("ul", {}, members.map((item) => make("li", {}, nameOf(item.name)))))))));
    });
}

// Every operator in a table, with downloads; and those without a price.

function startOperators() {
    const place = bodyOf("operators");
    if (!place) return;
    const filter = make("input", {
        type: "search", placeholder: "Name, operator or module",
        "aria-label": "Show only operators with this in their name, type or module",
    });
    const hasPhases = data.runs.some((run) => run.items.phase.some(Boolean));
    const rows = () => {
        const texts = (item) => [item.name, item.op, modulePath(item), item.phase ?? ""];
        return itemsOf(state.run).filter((item) => isFound(filter.value, texts(item)))
            .map((item) => ({ row: item.row, key: `${state.run} ${item.row}`, label: item.name || item.op, item }));
    };
    const phase = (row) => row.item.phase ?? "";
    const module = (row) => modulePath(row.item);
    const table = sortableTable({
        caption: "Operators with their costs",
        rows,
        limit: 15,
        sorted: { column: 3, descending: true },
        columns: [
            { title: "Name", key: (row) => row.item.name, show: (row) => nameOf(row.item.name, {}, 72) },
            { title: "Operator", key: (row) => row.item.op, show: (row) => nameOf(row.item.op, {}, 32) },
            hasPhases ? { title: "Phase", key: phase, show: phase }
                : { title: "Module", isMinor: true, key: module, show: (row) => nameOf(module(row) || "–", {}, 48) },
            ...costColumns((row) => row.item.cost, { whole: () => data.runs[state.run].total }),
        ],
        detail: (row) => treeList(functionTrees(callsBelow([row.item])), measured(row.item.cost)),
    });
    filter.addEventListener("input", table.update);
    place.append(make("div", { class: "tools" }, make("div", { class: "search" }, filter)), table.element,
        make("div", { class: "downloads" }, button("Download CSV", downloadCSV), button("Download JSON", downloadJSON)));
    startMissing();
}

const CSV_HEADER = [
    "name", "op", "scope", "phase", "online_bytes", "online_rounds", "offline_bytes", "offline_rounds", "basis", "reason",
];

function csvOfRun(position) {
    const rows = itemsOf(position).map((item) =>
        [item.name, item.op, modulePath(item), item.phase ?? "", ...item.cost, item.basis, ""]);
    const missing = data.runs[position].missing.map((item) => [item.name, item.op, "", "", "", "", "", "", "", item.reason]);
    return csvText(CSV_HEADER, [...rows, ...missing]);
}

function downloadCSV() {
    const suffix = data.runs.length > 1 ? `-${data.runs[state.run].title}.csv` : ".csv";
    download(fileName(suffix), "text/csv", csvOfRun(state.run));
}

function costDocument(cost) {
    const traffic = (bytes, rounds) => ({ bytes, rounds });
    return {
        online: traffic(cost[ONLINE_BYTES], cost[ONLINE_ROUNDS]),
        offline: traffic(cost[OFFLINE_BYTES], cost[OFFLINE_ROUNDS]),
    };
}

// In the shape of 'harrier profile --format json'.
function runDocument(position) {
    const run = data.runs[position];
    const { name: network, bytesPerSecond, latency } = state.network;
    return {
        title: run.title, model: data.model,
        framework: run.framework.name, parties: run.framework.parties, config: run.framework.config,
        totals: costDocument(run.total),
        time: { network, bytesPerSecond, latency, seconds: seconds(run.total) },
        nodes: itemsOf(position).map((item) => ({
            name: item.name, op: item.op, scope: modulePath(item), ...(item.phase ? { phase: item.phase } : {}),
            basis: item.basis, ...costDocument(item.cost),
        })),
        unpriced: run.missing,
    };
}

function wholeDocument() {
    const runs = [...data.runs.keys()].map(runDocument);
    if (runs.length === 1) return runs[0];
    return {
        runs,
        rewrites: data.rewrites.map((rewrite) => ({ ...rewrite, saved: costDocument(rewrite.saved) })),
        variants: data.variants.map((variant) => ({ ...variant, total: costDocument(variant.total) })),
    };
}

const downloadJSON = () => download(fileName(".json"), "application/json", JSON.stringify(wholeDocument(), null, 2) + "\n");

function startMissing() {
    const section = document.getElementById("missing");
    onChange(() => {
        const missing = data.runs[state.run].missing;
        section.hidden = missing.length === 0;
        const groups = grouped(missing, (item) => `${item.op}: ${item.reason}`);
        const [subject, verb] = missing.length === 1 ? ["This operator has", "is"] : ["These operators have", "are"];
        const names = (members) => make("details", {}, make("summary", {}, "names"),
            make("ul", {}, members.map((item) => make("li", {}, nameOf(item.name)))));
        bodyOf("missing").replaceChildren(
            make("p", {}, `${subject} no price under ${data.runs[state.run].framework.title}, and ${verb} in no total.`),
            make("ul", {}, groups.map(([, members]) => make("li", {},
                make("strong", {}, nameOf(members[0].op, {}, 40)), ` × ${members.length}: `,
                shortName(members[0].reason, 300), names(members)))));
    });
}

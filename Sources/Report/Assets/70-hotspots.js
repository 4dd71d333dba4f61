// What the traffic is spent on, as bars.

const hotspotKinds = {
    operator: ["Operator types", (items) => operatorTrees(items)],
    module: ["Modules", (items) => grouped(items, (item) => item.scope.slice(0, moduleDepth(items)).join(".") || "(no module)")
        .map(([name, members]) => ({ name, count: members.length, cost: sumOf(members) }))],
    node: ["Operators", (items) => grouped(items, (item) => `${item.phase ? item.phase + ": " : ""}${item.name || "(no name)"} · ${item.op}`)
        .map(([name, members]) => ({ name, count: members.length, cost: sumOf(members) }))],
    function: ["Secure functions", (items) => functionTrees(callsBelow(items))],
    primitive: ["Primitives", (items) => primitives(items)],
};

// As deep as it takes to tell at least four modules apart.
function moduleDepth(items) {
    for (const depth of [1, 2, 3]) {
        if (new Set(items.map((item) => item.scope.slice(0, depth).join("."))).size >= 4) return depth;
    }
    return 4;
}

// Calls that send by themselves. An operator without calls below it is its own primitive.
function primitives(items) {
    const leaves = (call, times) => {
        const runs = data.calls.count[call] * times;
        const children = data.calls.children[call];
        return children.length === 0
            ? [{ name: data.strings[data.calls.name[call]], count: runs, cost: scaledCost(data.calls.cost[call], runs) }]
            : children.flatMap((child) => leaves(child, runs));
    };
    return grouped(items.flatMap((item) => leaves(item.call, 1)), (leaf) => leaf.name).map(([name, members]) => ({
        name, count: members.reduce((sum, leaf) => sum + leaf.count, 0), cost: members.reduce((sum, leaf) => addCosts(sum, leaf.cost), noCost()),
    }));
}

function startHotspots() {
    const place = bodyOf("hotspots");
    if (!place) return;
    let kind = "operator";
    const isComparing = data.subject === "optimization" && data.runs.length === 2;
    const shown = () => isComparing ? 1 : state.run;
    const note = make("p", { class: "caption" });
    const rows = () => {
        const build = hotspotKinds[kind][1];
        const now = build(itemsOf(shown()));
        const before = isComparing ? new Map(build(itemsOf(0)).map((tree) => [tree.name, tree])) : null;
        const gone = before ? [...before.values()].filter((tree) => !now.some((one) => one.name === tree.name)).map((tree) => ({ ...tree, cost: noCost(), count: 0 })) : [];
        return [...now, ...gone].map((tree, row) => ({ row, key: tree.name, label: tree.name, tree, before: before?.get(tree.name)?.cost ?? (before ? noCost() : undefined) }))
            .filter(({ tree, before }) => measured(tree.cost) > 0 || (before && measured(before) > 0))
            .sort((a, b) => measured(b.tree.cost) - measured(a.tree.cost) || measured(b.before ?? noCost()) - measured(a.before ?? noCost()));
    };
    const longest = () => Math.max(...rows().map(({ tree, before }) => Math.max(measured(tree.cost), isComparing && before ? measured(before) : 0)), 0);
    let cached = 0;
    const table = sortableTable({
        caption: "Hotspots",
        limit: 10,
        rows: () => { cached = longest(); return rows(); },
        columns: [
            { title: "What", key: (row) => row.tree.name, show: (row) => [nameOf(row.tree.name, {}, 60), row.tree.count > 1 ? make("span", { class: "times" }, ` × ${formatCount(row.tree.count)}`) : null] },
            { title: "Spent", key: (row) => measured(row.tree.cost), show: (row) => bar(measured(row.tree.cost), cached, isComparing ? measured(row.before) : undefined) },
            ...(isComparing ? [{ title: "Before", isNumber: true, key: (row) => measured(row.before), show: (row) => measuredText(row.before) }] : []),
            { title: isComparing ? "After" : "Amount", isNumber: true, key: (row) => measured(row.tree.cost), show: (row) => measuredText(row.tree.cost) },
            { title: "Share", isNumber: true, key: (row) => measured(row.tree.cost), show: (row) => formatShare(measured(row.tree.cost), measured(data.runs[shown()].total)) },
        ],
    });
    table.element.classList.add("bars-table");
    place.append(
        make("div", { class: "tools" }, oneOf("By", Object.entries(hotspotKinds).map(([name, [title]]) => [name, title]), kind, (name) => { kind = name; table.update(); })),
        table.element, note);
    onChange(() => {
        note.textContent = `In ${measures[state.measure].unit}${data.runs.length > 1 && !isComparing ? ` under ${data.runs[state.run].title}` : ""}.`
            + (isComparing ? " The thin bar is before, the thick one after." : "");
    });
}

// What the traffic is spent on, as bars.

const hotspotKinds = {
    operator: ["Operator types", (items) => operatorTrees(items)],
    module: ["Modules", (items) => {
        const depth = moduleDepth(items);
        return summed(items, (item) => item.scope.slice(0, depth).join(".") || "(no module)");
    }],
    node: ["Operators", (items) =>
        summed(items, (item) => `${item.phase ? item.phase + ": " : ""}${item.name || "(no name)"} · ${item.op}`)],
    function: ["Secure functions", (items) => functionTrees(callsBelow(items))],
    primitive: ["Primitives", (items) => primitives(items)],
};

const summed = (items, key) =>
    grouped(items, key).map(([name, members]) => ({ name, count: members.length, cost: sumOf(members) }));

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
        name, count: members.reduce((sum, leaf) => sum + leaf.count, 0), cost: sumOf(members),
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
        const gone = [...before?.values() ?? []].filter((tree) => !now.some((one) => one.name === tree.name))
            .map((tree) => ({ ...tree, cost: noCost(), count: 0 }));
        const costBefore = (tree) => before ? before.get(tree.name)?.cost ?? noCost() : undefined;
        return [...now, ...gone]
            .map((tree, row) => ({ row, key: tree.name, label: tree.name, tree, before: costBefore(tree) }))
            .filter((row) => after(row) > 0 || earlier(row) > 0)
            .sort((a, b) => after(b) - after(a) || earlier(b) - earlier(a));
    };
    const after = (row) => measured(row.tree.cost);
    const earlier = (row) => measured(row.before ?? noCost());
    let longest = 0;
    const table = sortableTable({
        caption: "Hotspots",
        limit: 10,
        rows: () => {
            const all = rows();
            longest = Math.max(0, ...all.map((row) => Math.max(after(row), earlier(row))));
            return all;
        },
        columns: [
            {
                title: "What",
                key: (row) => row.tree.name,
                show: (row) => [nameOf(row.tree.name, {}, 60), timesOf(row.tree.count)],
            },
            { title: "Spent", key: after, show: (row) => bar(after(row), longest, isComparing ? earlier(row) : undefined) },
            ...(isComparing ? [numberColumn("Before", earlier, amountText)] : []),
            numberColumn(isComparing ? "After" : "Amount", after, amountText),
            numberColumn("Share", after, (amount) => formatShare(amount, measured(data.runs[shown()].total))),
        ],
    });
    table.element.classList.add("bars-table");
    const kinds = Object.entries(hotspotKinds).map(([name, [title]]) => [name, title]);
    const by = oneOf("By", kinds, kind, (name) => { kind = name; table.update(); });
    place.append(make("div", { class: "tools" }, by), table.element, note);
    onChange(() => {
        const under = data.runs.length > 1 && !isComparing ? ` under ${data.runs[state.run].title}` : "";
        note.textContent = `In ${measures[state.measure].unit}${under}.`
            + (isComparing ? " The thin bar is before, the thick one after." : "");
    });
}

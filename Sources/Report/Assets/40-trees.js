// Costs by prefix: phase, module, operator, secure function, primitive. Equal names below one parent are added up.

function grouped(elements, key) {
    const groups = new Map();
    for (const element of elements) {
        const name = key(element);
        if (groups.has(name)) groups.get(name).push(element); else groups.set(name, [element]);
    }
    return [...groups];
}

// What a call calls, when it runs so many times.
const callees = (call, times) => data.calls.children[call].map((child) => ({ call: child, times }));

// The functions that some calls consist of; each call comes with how often its caller runs.
function functionTrees(calls) {
    const kind = (call) => data.calls.children[call].length > 0 ? "function" : "primitive";
    return grouped(calls, ({ call }) => `${kind(call)} ${data.calls.name[call]}`).map(([, members]) => {
        const runs = members.map(({ call, times }) => data.calls.count[call] * times);
        const first = members[0].call;
        return {
            name: data.strings[data.calls.name[first]],
            kind: kind(first),
            count: runs.reduce((sum, run) => sum + run, 0),
            cost: totalOf(members.map(({ call }, place) => scaledCost(data.calls.cost[call], runs[place]))),
            children: functionTrees(members.flatMap(({ call }, place) => callees(call, runs[place]))),
        };
    });
}

// What one or several operators call. The root of a call tree is the operator itself.
const callsBelow = (items) => items.flatMap((item) => callees(item.call, data.calls.count[item.call]));

const sumOf = (items) => totalOf(items.map((item) => item.cost));

function operatorTrees(items) {
    return grouped(items, (item) => item.op).map(([op, members]) => ({
        name: op, kind: "operator", count: members.length, cost: sumOf(members), children: functionTrees(callsBelow(members)),
    }));
}

function moduleTrees(items, depth) {
    const inside = items.filter((item) => item.scope.length > depth);
    const outside = items.filter((item) => item.scope.length <= depth);
    const modules = grouped(inside, (item) => item.scope[depth]).map(([name, members]) => ({
        name, kind: "module", count: members.length, cost: sumOf(members), children: moduleTrees(members, depth + 1),
    }));
    return [...modules, ...operatorTrees(outside)];
}

const treesOfRuns = new Map();
function treeOf(run) {
    if (!treesOfRuns.has(run)) {
        const items = itemsOf(run);
        const hasPhases = items.some((item) => item.phase);
        const children = hasPhases
            ? grouped(items, (item) => item.phase).map(([phase, members]) => ({
                name: phase, kind: "phase", count: members.length, cost: sumOf(members), children: moduleTrees(members, 0),
            }))
            : moduleTrees(items, 0);
        treesOfRuns.set(run, { name: data.model, kind: "model", count: items.length, cost: data.runs[run].total, children });
    }
    return treesOfRuns.get(run);
}

const timesOf = (count) => count > 1 ? make("span", { class: "times" }, ` × ${formatCount(count)}`) : null;

const dearestFirst = (trees) => [...trees].sort((a, b) => measured(b.cost) - measured(a.cost));

// A tree as nested lists that open and close, dearest first.
function treeList(trees, whole, depth = 0) {
    const shown = dearestFirst(trees.filter((tree) => measured(tree.cost) > 0));
    return make("ul", { class: "tree" }, shown.map((tree) => {
        const line = [
            make("span", { class: `swatch ${tree.kind}` }),
            nameOf(tree.name, {}, 40), timesOf(tree.count),
            make("span", { class: "figure" }, measuredText(tree.cost)),
            make("span", { class: "share" }, formatShare(measured(tree.cost), whole)),
        ];
        if (tree.children.length === 0) return make("li", {}, make("div", { class: "line" }, line));
        const details = make("details", { open: depth === 0 }, make("summary", { class: "line" }, line));
        const open = () => {
            if (details.open && details.children.length === 1) details.append(treeList(tree.children, whole, depth + 1));
        };
        details.addEventListener("toggle", open);
        open();
        return make("li", {}, details);
    }));
}

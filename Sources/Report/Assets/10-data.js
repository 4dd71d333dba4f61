// What the page is about, and the figures that everything else shows.

const data = JSON.parse(document.getElementById("data").textContent);

// Places in a cost.
const ONLINE_BYTES = 0, ONLINE_ROUNDS = 1, OFFLINE_BYTES = 2, OFFLINE_ROUNDS = 3;

const addCosts = (a, b) => a.map((figure, place) => figure + b[place]);
const scaledCost = (cost, times) => cost.map((figure) => figure * times);
const noCost = () => [0, 0, 0, 0];
const totalOf = (costs) => costs.reduce(addCosts, noCost());

// What the reader has chosen.
const state = {
    run: data.subject === "optimization" ? data.runs.length - 1 : 0,
    measure: data.measure,
    network: { ...data.network },
};

// As the program's own Network does it: bytes / bandwidth + rounds × latency, of online traffic.
const secondsOn = (network, cost) => cost[ONLINE_BYTES] / network.bytesPerSecond + cost[ONLINE_ROUNDS] * network.latency;
const seconds = (cost) => secondsOn(state.network, cost);

const measures = {
    bytes: { title: "Bytes", unit: "online bytes", of: (cost) => cost[ONLINE_BYTES], text: (n) => formatBytes(n) },
    rounds: { title: "Rounds", unit: "online rounds", of: (cost) => cost[ONLINE_ROUNDS], text: (n) => formatCount(n) },
    time: { title: "Time", unit: "time on the network", of: seconds, text: (n) => formatSeconds(n) },
    offline: { title: "Offline", unit: "offline bytes", of: (cost) => cost[OFFLINE_BYTES], text: (n) => formatBytes(n) },
};

const measured = (cost) => measures[state.measure].of(cost);
const amountText = (amount) => measures[state.measure].text(amount);
const measuredText = (cost) => amountText(measured(cost));

// The operators of a run as objects, made once.
const itemsOfRuns = new Map();
function itemsOf(run) {
    if (!itemsOfRuns.has(run)) {
        const columns = data.runs[run].items;
        itemsOfRuns.set(run, columns.name.map((name, row) => ({
            row,
            index: columns.index[row],
            name: data.strings[name],
            op: data.strings[columns.op[row]],
            scope: data.scopes[columns.scope[row]],
            phase: columns.phase[row],
            basis: columns.basis[row],
            cost: columns.cost[row],
            call: columns.call[row],
        })));
    }
    return itemsOfRuns.get(run);
}

const modulePath = (item) => item.scope.join(".");

// Whoever shows something is told when the reader chooses something else.
const listeners = [];
const onChange = (listener) => { listeners.push(listener); listener(); };
function change(choice) {
    Object.assign(state, choice);
    for (const listener of listeners) listener();
}

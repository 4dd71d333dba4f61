// Costs by module, operator, secure function and primitive, and what a reader chooses.

import assert from "node:assert/strict";
import test from "node:test";
import { openPage, plain } from "./page.mjs";
import { reportData } from "./data.mjs";

const page = openPage();
const short = (trees) => plain(trees).map(({ name, count, cost }) => [name, count, cost[0], cost[1]]);

test("costs are added up by operator and by primitive, calls that run often as often", () => {
    assert.deepEqual(short(page.run("operatorTrees(itemsOf(0))")), [["Conv", 1, 2000, 1], ["Relu", 2, 2000, 18]]);
    assert.deepEqual(short(page.run("primitives(itemsOf(0))")), [["conv2d", 1, 2000, 1], ["ltz", 2, 1200, 14], ["mul", 4, 800, 4]]);
    assert.deepEqual(short(page.run("functionTrees(callsBelow(itemsOf(0)))")),
        [["conv2d", 1, 2000, 1], ["ltz", 2, 1200, 14], ["mul", 4, 800, 4]]);
});

test("what runs several times counts as often, down to the primitives", () => {
    const own = openPage();
    own.run("data.calls.count[2] = 5");
    const ofRelu = "itemsOf(0).filter((item) => item.op === 'Relu')";
    assert.deepEqual(short(own.run(`primitives(${ofRelu})`)), [["ltz", 10, 6000, 70], ["mul", 20, 4000, 20]]);
    assert.deepEqual(short(own.run(`functionTrees(callsBelow(${ofRelu}))`)), [["ltz", 10, 6000, 70], ["mul", 20, 4000, 20]]);
});

test("modules hold what is in them", () => {
    const [layer1, layer10] = plain(page.run("treeOf(0).children"));
    assert.deepEqual([layer1.name, layer1.kind, layer1.count, layer1.cost], ["layer1", "module", 2, [3000, 10, 50, 1]]);
    assert.deepEqual(layer1.children.map((child) => [child.name, child.kind]), [["conv", "module"], ["Relu", "operator"]]);
    assert.equal(layer10.cost[0], 1000);
});

test("lists begin with what is dearest", () => {
    const names = page.run("dearestFirst([{ cost: [1, 9, 0, 0] }, { cost: [5, 2, 0, 0] }]).map((tree) => tree.cost[0])");
    assert.deepEqual(plain(names), [5, 1]);
});

test("time is bytes by bandwidth and rounds by latency", () => {
    assert.equal(page.run("secondsOn({ bytesPerSecond: 1000, latency: 0.5 }, [2000, 3, 9999, 9])"), 3.5);
});

test("what the reader chooses is what is measured", () => {
    const own = openPage();
    const measured = () => own.run("measuredText([1005, 1024, 50, 1])");
    assert.equal(measured(), "1.01 kB");
    for (const [measure, text] of [["rounds", "1,024"], ["time", "41.0 s"], ["offline", "50 B"]]) {
        own.run(`change({ measure: "${measure}" })`);
        assert.equal(measured(), text);
    }
});

test("hotspots are sorted by cost and searched in the chosen run", () => {
    const own = openPage(reportData({ subject: "profile" }), ["hotspots"]);
    own.run("startHotspots()");
    const rows = () => own.bodies.hotspots.tags("tbody")[0].tags("tr").map((row) => row.children.map((cell) => cell.textContent));
    assert.deepEqual(rows(), [["Conv", "", "2.00 kB", "50.0 %"], ["Relu × 2", "", "2.00 kB", "50.0 %"]]);
    own.run('change({ measure: "rounds" })');
    assert.deepEqual(rows(), [["Relu × 2", "", "18", "94.7 %"], ["Conv", "", "1", "5.3 %"]]);
});

test("a comparison of hotspots shows what is gone, too", () => {
    const data = reportData({ subject: "optimization" });
    for (const column of Object.values(data.runs[1].items)) column.pop();
    data.runs[1].items.op[1] = 1;
    const own = openPage(data, ["hotspots"]);
    own.run("startHotspots()");
    const rows = own.bodies.hotspots.tags("tbody")[0].tags("tr").map((row) => row.children.map((cell) => cell.textContent));
    assert.deepEqual(rows, [["Conv × 2", "", "2.00 kB", "3.00 kB", "100.0 %"], ["Relu", "", "2.00 kB", "0 B", "0 %"]]);
});

test("operators are filtered by name, operator and module, the dearest first", () => {
    const own = openPage(reportData(), ["operators", "missing"]);
    own.run("startOperators()");
    const body = own.bodies.operators;
    const names = () => body.tags("tbody")[0].tags("tr").map((row) => row.tags("bdi")[0].textContent);
    assert.deepEqual(names(), ["conv", "relu", "relu2"]);
    const filter = body.tags("input")[0];
    for (const [words, found] of [["RELU", ["relu", "relu2"]], ["layer1.conv", ["conv"]], ["nothing", []]]) {
        filter.value = words;
        filter.fire("input");
        assert.deepEqual(names(), found, words);
    }
});

test("operators without a price are named for the run that is shown", () => {
    const own = openPage(reportData(), ["operators", "missing"]);
    own.run("startOperators()");
    const section = own.bodies.missing.parentElement;
    assert.equal(section.hidden, true);
    own.run("change({ run: 1 })");
    assert.equal(section.hidden, false);
    assert.match(section.textContent, /^This operator has no price under SEMI2K, and is in no total\.Erf × 1: why, "not"/);
});

test("downloads hold every operator and every figure", () => {
    assert.equal(page.run("csvOfRun(1)"), [
        "name,op,scope,phase,online_bytes,online_rounds,offline_bytes,offline_rounds,basis,reason",
        "conv,Conv,layer1.conv,,2000,1,50,1,native,", "relu,Relu,layer1,,1000,9,0,0,native,",
        "relu2,Relu,layer10,,1000,9,0,0,functionBody,", 'n,Erf,,,,,,,,"why, ""not"""', "",
    ].join("\n"));
    const document = plain(page.run("wholeDocument()"));
    assert.deepEqual(document.runs.map((run) => [run.title, run.time.seconds, run.nodes.length]),
        [["CrypTen", 4000 / 44e6 + 19 * 0.04, 3], ["SEMI2K", 3000 / 44e6 + 30 * 0.04, 3]]);
    assert.deepEqual(document.runs[0].totals, { online: { bytes: 4000, rounds: 19 }, offline: { bytes: 50, rounds: 1 } });
});

test("frameworks are sorted by cost, those that cannot price everything last", () => {
    const own = openPage(reportData(), ["frameworks"]);
    own.run("startFrameworks()");
    const names = () => own.bodies.frameworks.tags("tbody")[0].tags("tr").map((row) => row.tags("button")[0].textContent);
    assert.deepEqual(names(), ["CrypTen", "SEMI2K"]);
});

test("the colours of a drawing say up to what they reach", () => {
    assert.deepEqual(plain(page.run('heatLegend(["#fff", "#f00"], [999, 1024])')),
        [{ colour: "#fff", text: "≤ 999 B" }, { colour: "#f00", text: "≤ 1.02 kB" }]);
});

// Tables: in which order rows come, which are shown, and what their columns hold.

import assert from "node:assert/strict";
import test from "node:test";
import { openPage, plain } from "./page.mjs";

const page = openPage();
const sorted = (keys, descending) => plain(page.run("sortedRows")(keys, (key) => key, descending));

test("numbers are sorted by size, downwards and upwards", () => {
    assert.deepEqual(sorted([9, 1000, 10, -1], true), [1000, 10, 9, -1]);
    assert.deepEqual(sorted([9, 1000, 10, -1], false), [-1, 9, 10, 1000]);
    assert.deepEqual(sorted([-1, -10, 0.5, 0.25], true), [0.5, 0.25, -1, -10]);
});

test("texts are sorted as people do it", () => {
    assert.deepEqual(sorted(["v10", "v2", "V1"], false), ["V1", "v2", "v10"]);
});

test("equal rows stay as they are in both directions, and the given rows are left alone", () => {
    const rows = [["a", 1], ["b", 1], ["c", 0]];
    const names = (descending) => plain(page.run("sortedRows")(rows, (row) => row[1], descending)).map(([name]) => name);
    assert.deepEqual(names(true), ["a", "b", "c"]);
    assert.deepEqual(names(false), ["c", "a", "b"]);
    assert.deepEqual(rows.map(([name]) => name), ["a", "b", "c"]);
});

test("a search finds words in any text, in any case", () => {
    const isFound = page.run("isFound");
    assert.ok(isFound(" RELU ", ["conv", "Relu"]));
    assert.ok(!isFound("relu6", ["conv", "Relu"]));
    assert.ok(isFound("", ["conv"]), "no words find everything");
});

// A table of names and sizes, as the page shows it.
function tableOf(options = {}) {
    const own = openPage();
    const rows = [["a", 5], ["b", 30], ["c", 4]].map(([name, size], row) => ({ row, key: name, label: name, name, size }));
    const table = own.run("sortableTable")({
        caption: "Sizes", rows: () => rows,
        columns: [
            { title: "Name", key: (row) => row.name, show: (row) => row.name },
            own.run("numberColumn")("Size", (row) => row.size, own.run("formatCount")),
        ],
        ...options,
    }).element;
    const cells = (column) => table.tags("tbody")[0].tags("tr").map((row) => row.children[column].textContent);
    const click = (title) => table.tags("button").find((button) => button.textContent === title).click();
    const directions = () => table.tags("thead")[0].firstChild.children.map((cell) => cell.attributes["aria-sort"]);
    return { table, cells, click, directions };
}

test("a click on a title sorts by it: numbers downwards first, texts upwards, and the other way next", () => {
    const { cells, click, directions } = tableOf();
    assert.deepEqual(cells(1), ["5", "30", "4"]);
    assert.deepEqual(directions(), ["none", "none"]);
    click("Size");
    assert.deepEqual(cells(1), ["30", "5", "4"]);
    assert.deepEqual(directions(), ["none", "descending"]);
    click("Size");
    assert.deepEqual(cells(1), ["4", "5", "30"]);
    assert.deepEqual(directions(), ["none", "ascending"]);
    click("Name");
    assert.deepEqual(cells(0), ["a", "b", "c"]);
    assert.deepEqual(directions(), ["ascending", "none"]);
});

test("a table begins in the order that it is given", () => {
    assert.deepEqual(tableOf({ sorted: { column: 1, descending: true } }).cells(1), ["30", "5", "4"]);
    assert.deepEqual(tableOf({ sorted: { column: 1, descending: false } }).cells(1), ["4", "5", "30"]);
});

test("rows above the limit are shown when asked for", () => {
    const { cells, click } = tableOf({ limit: 2 });
    assert.deepEqual(cells(0), ["a", "b"]);
    click("Show all 3 rows");
    assert.deepEqual(cells(0), ["a", "b", "c"]);
    click("Show 2 rows");
    assert.deepEqual(cells(0), ["a", "b"]);
});

test("the details of a row open and close", () => {
    const { table } = tableOf({ detail: (row) => `about ${row.name}` });
    const toggle = () => table.withClass("toggle")[1];
    toggle().click();
    assert.deepEqual(table.withClass("detail").map((row) => row.textContent), ["about b"]);
    assert.equal(toggle().attributes["aria-expanded"], "true");
    toggle().click();
    assert.deepEqual(table.withClass("detail"), []);
});

test("the columns of a cost hold bytes, their share, rounds, time and offline bytes", () => {
    const columns = page.run("costColumns((row) => row, { whole: () => [4000, 19, 50, 1] })");
    const cost = [1005, 1024, 50, 1];
    assert.deepEqual(plain(columns.map((column) => [column.title, column.show(cost)])), [
        ["Bytes", "1.01 kB"], ["Share", "25.1 %"], ["Rounds", "1,024"], ["Time", "41.0 s"], ["Offline", "50 B"],
    ]);
    assert.deepEqual(plain(columns.map((column) => column.key(cost))), [1005, 1005, 1024, 1005 / 44e6 + 1024 * 0.04, 50]);
    assert.ok(columns.every((column) => column.isNumber));
});

test("offline bytes have a column only where there are some", () => {
    const titles = (text) => plain(page.run(text).map((column) => column.title));
    assert.deepEqual(titles("costColumns((row) => row, { hasOffline: false })"), ["Bytes", "Rounds", "Time"]);
});

test("bars are as long as their part of the longest", () => {
    const lengths = (text) => page.run(text).children.map((bar) => [bar.attributes.class, bar.style.width]);
    assert.deepEqual(lengths("bar(25, 100)"), [["bar", "25%"]]);
    assert.deepEqual(lengths("bar(0, 100, 50)"), [["bar before", "50%"], ["bar none", "0%"]]);
    assert.deepEqual(lengths("bar(-1, 0)"), [["bar none", "0%"]]);
});

test("cells of CSV are quoted where they need it", () => {
    assert.equal(page.run('csvText(["a", "b"], [["x,y", 1], ["\\"q\\"", "l\\nm"]])'), 'a,b\n"x,y",1\n"""q""","l\nm"\n');
});

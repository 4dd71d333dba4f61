// Variants: their table, their plot, and what is said of each.

import assert from "node:assert/strict";
import test from "node:test";
import { openPage, plain } from "./page.mjs";
import { reportData } from "./data.mjs";

const page = openPage();

function openVariants() {
    const own = openPage(reportData(), ["variants"]);
    own.run("startVariants()");
    const body = own.bodies.variants;
    const column = (place) => body.tags("tbody")[0].tags("tr").map((row) => row.children[place].textContent);
    const click = (title) => body.withClass("sort").find((button) => button.textContent === title).click();
    return { own, body, column, click };
}

test("variants can be sorted by every column", () => {
    const { column, click } = openVariants();
    assert.deepEqual(column(0), ["v1", "v2", "v10"], "by time, the quickest first");
    click("Variant");
    assert.deepEqual(column(0), ["v1", "v2", "v10"]);
    click("Bytes");
    assert.deepEqual(column(2), ["3.00 kB", "1.00 kB", "500 B"]);
    click("Saved");
    assert.deepEqual(column(6), ["87.5 %", "75.0 %", "25.0 %"]);
    click("Divergence");
    assert.deepEqual(column(7), ["unknown", "0.02", "none"]);
    click("Divergence");
    assert.deepEqual(column(7), ["none", "0.02", "unknown"]);
    click("Top-1");
    assert.deepEqual(column(8), ["99.5 %", "", ""]);
});

test("a row that is chosen says what the variant is", () => {
    const { body } = openVariants();
    body.tags("tbody")[0].tags("button").find((button) => button.textContent === "v2").click();
    const facts = Object.fromEntries(body.tags("dt").map((term, place) => [term.textContent, body.tags("dd")[place].textContent]));
    assert.deepEqual(facts, {
        class: "bounded error", cost: "1.00 kB, 5 rounds, 200 ms", saved: "75.0 % of online bytes",
        divergence: "0.02 relative L2 at the outputs", "top-1 agreement": "99.5 %", "measured on": "8 samples", "made by": "harrier",
    });
});

test("cost grows to the right and divergence upwards", () => {
    const scale = page.run("plotScale([0, 1e-3, 0.1, null], [0, 100, 400], 760)");
    const { left, width, right } = scale;
    assert.equal(scale.x(0), left);
    assert.equal(scale.x(400), width - right - 10);
    assert.ok(scale.x(100) < scale.x(200));
    const heights = [0, 1e-3, 1e-2, 0.1, null].map(scale.y);
    assert.deepEqual([...heights].sort((a, b) => b - a), heights, "a page counts downwards");
    assert.equal(new Set(heights).size, 5);
    assert.deepEqual(plain(scale.rows.map(([, text]) => text)), ["none", "unknown", "1e-3", "0.01", "0.1", "1"]);
    for (const [y, text] of scale.rows.slice(2)) assert.equal(y, scale.y(Number(text)));
    assert.deepEqual(plain(scale.columns.map(([, text]) => text)), ["0 B", "100 B", "200 B", "300 B", "400 B"]);
    assert.deepEqual(plain(scale.columns.map(([x]) => x)), [0, 100, 200, 300, 400].map(scale.x));
});

test("a plot without known divergences is low and has no powers of ten", () => {
    const scale = page.run("plotScale([0, null], [100], 400)");
    assert.deepEqual(plain([scale.height, scale.hasFigures, scale.rows.map(([, text]) => text), scale.columns.length]),
        [150, false, ["none", "unknown"], 3]);
});

test("each variant is a point at its cost and divergence", () => {
    const plot = page.run("paretoPlot(1, () => {}, 760)");
    const points = plot.withClass("point");
    assert.deepEqual(points.map((point) => point.attributes["aria-label"]), [
        "v2, bounded error: 1.00 kB, divergence 0.02", "v10, exact: 3.00 kB, divergence none",
        "v1, needs fine-tuning: 500 B, divergence unknown",
    ]);
    assert.deepEqual(points.map((point) => point.attributes["aria-pressed"]), ["false", "true", "false"]);
    const [x, y] = ["cx", "cy"].map((name) => points.map((point) => Number(point.withClass("dot")[0].attributes[name])));
    assert.ok(x[2] < x[0] && x[0] < x[1]);
    assert.ok(y[2] < y[0] && y[0] < y[1]);
});

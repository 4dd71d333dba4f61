// Numbers are written as the program writes them: ByteFormatTests reads the same table.

import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { openPage, scripts } from "./page.mjs";

const table = JSON.parse(fs.readFileSync(new URL("../Fixtures/formats.json", import.meta.url), "utf8"));
const page = openPage();

for (const [kind, name] of Object.entries({
    bytes: "formatBytes", count: "formatCount", rounds: "formatRounds", share: "formatShare", seconds: "formatSeconds",
})) {
    test(`${name} agrees with the program`, () => {
        const format = page.run(name);
        assert.ok(table[kind].length > 0);
        for (const [input, text] of table[kind]) assert.equal(format(...[input].flat()), text, `${kind} of ${input}`);
    });
}

test("what does not end is for ever", () => {
    assert.equal(page.run("formatSeconds(Infinity)"), "for ever");
    assert.equal(page.run("formatSeconds(NaN)"), "for ever");
});

test("divergences have three digits, and an exponent where they are small or large", () => {
    const texts = [[0, "0"], [0.02, "0.02"], [0.012345, "0.0123"], [1.5e-7, "1.5e-7"], [12345, "1.2e+4"], [9999, "10000"]];
    for (const [number, text] of texts) assert.equal(page.run(`formatFigure(${number})`), text);
    assert.equal(page.run("formatFigure(null)"), "unknown");
    assert.equal(page.run("formatFigure(Infinity)"), "Infinity");
});

test("a network that has a name is called by it", () => {
    assert.equal(page.run("formatNetwork(data.network)"), "WAN (44.0 MB/s, 40.0 ms a round)");
    assert.equal(page.run("formatNetwork({ bytesPerSecond: 1.25e6, latency: 0.1 })"), "1.25 MB/s, 100 ms a round");
});

test("long and invisible names can be read", () => {
    assert.equal(page.run('shortName("a".repeat(80))'), "a".repeat(80));
    assert.equal(page.run('shortName("abcdefghijk", 8)'), "abcd…ijk");
    assert.equal(page.run('shortName(" ")'), "(no name)");
    assert.equal(page.run('shortName("a\\u202Eb")'), "a\uFFFDb");
});

test("no line of the scripts is longer than 130 columns", () => {
    const long = scripts.flatMap(({ name, text }) => text.split("\n").map((line, place) => [name, place + 1, line.length]))
        .filter(([, , length]) => length > 130);
    assert.deepEqual(long, []);
});

// A small report: two runs of a model of three operators, and three variants.

const strings = ["conv", "Conv", "relu", "Relu", "relu2", "conv2d", "ltz", "mul"];
const scopes = [["layer1", "conv"], ["layer1"], ["layer10"]];

// Calls by position: a convolution (0) of one product (1); a Relu (2) of a comparison (3) and two products (4).
const calls = {
    name: [1, 5, 3, 6, 7],
    count: [1, 1, 1, 1, 2],
    cost: [[2000, 1, 50, 1], [2000, 1, 50, 1], [1000, 9, 0, 0], [600, 7, 0, 0], [200, 1, 0, 0]],
    children: [[1], [], [3, 4], [], []],
};

const items = () => ({
    name: [0, 2, 4], index: [0, 1, 2], op: [1, 3, 3], scope: [0, 1, 2], phase: [null, null, null],
    basis: ["native", "native", "functionBody"], cost: [[2000, 1, 50, 1], [1000, 9, 0, 0], [1000, 9, 0, 0]], call: [0, 2, 2],
});

const run = (title, name, total, missing = []) => ({
    title, framework: { name, title, parties: 2, config: {} }, items: items(), total, missing, criticalPathRounds: 10,
});

const variant = (name, category, total, divergence = null) => ({
    name, category, total, divergence, whyUnknown: "no data", changes: [], published: [], warnings: [], command: "harrier",
});

export const reportData = (changes = {}) => ({
    subject: "comparison", model: "model", measure: "bytes",
    network: { name: "wan", bytesPerSecond: 44e6, latency: 0.04 },
    networks: [
        { name: "lan", bytesPerSecond: 384e6, latency: 0.0003 }, { name: "wan", bytesPerSecond: 44e6, latency: 0.04 },
    ],
    strings, scopes, calls,
    runs: [
        run("CrypTen", "crypten", [4000, 19, 50, 1]),
        run("SEMI2K", "semi2k", [3000, 30, 0, 0], [{ name: "n", op: "Erf", reason: "why, \"not\"" }]),
    ],
    pictures: [], rewrites: [], sites: [], alternatives: [], colours: ["#fff", "#f00"],
    variants: [
        variant("v2", "bounded error", [1000, 5, 0, 0], { relativeL2: 0.02, top1Agreement: 0.995, samples: 8 }),
        variant("v10", "exact", [3000, 9, 0, 0], { relativeL2: 1e-15, samples: 8 }),
        variant("v1", "needs fine-tuning", [500, 2, 0, 0]),
    ],
    ...changes,
});

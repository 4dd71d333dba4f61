// The network, the measure, and the run that everything below shows.

// Sliders go by powers of ten.
const BANDWIDTH = { low: 5, high: 10.5, step: 0.05 };
const LATENCY = { low: -5, high: 0, step: 0.05 };

const rounded = (number) => Number(number.toPrecision(2));

function slider(id, title, range, read, write) {
    const output = make("output", { for: id });
    const input = make("input", { type: "range", id, min: range.low, max: range.high, step: range.step });
    input.addEventListener("input", () => {
        change({ network: { ...state.network, name: "custom", ...write(rounded(10 ** Number(input.value))) } });
    });
    onChange(() => {
        const [value, text] = read();
        if (document.activeElement !== input || Math.abs(Number(input.value) - Math.log10(value)) > 0.06) {
            input.value = Math.log10(Math.max(value, 1e-9));
        }
        input.setAttribute("aria-valuetext", text);
        output.value = text;
    });
    return make("div", { class: "slider" }, make("label", { for: id }, title), input, output);
}

function networkControls() {
    const presets = [...data.networks];
    if (!presets.some((one) => one.name === data.network.name)) presets.push({ ...data.network, name: "as given" });
    const isChosen = (one) => one.bytesPerSecond === state.network.bytesPerSecond && one.latency === state.network.latency;
    const buttons = presets.map((one) => {
        const it = button(one.name === "as given" ? "As given" : one.name.toUpperCase(), () => change({ network: { ...one } }));
        onChange(() => it.setAttribute("aria-pressed", String(isChosen(one))));
        return it;
    });
    return make("div", { class: "network-controls", role: "group", "aria-label": "Network" },
        make("div", { class: "buttons" }, buttons),
        slider("bandwidth", "Bandwidth", BANDWIDTH,
            () => [state.network.bytesPerSecond, `${formatBytes(state.network.bytesPerSecond)}/s`],
            (value) => ({ bytesPerSecond: value })),
        slider("latency", "Latency", LATENCY,
            () => [state.network.latency, formatSeconds(state.network.latency)],
            (value) => ({ latency: value })));
}

function startControls() {
    const place = document.getElementById("controls");
    if (!place) return;
    const hasOffline = data.runs.some((run) => run.total[OFFLINE_BYTES] > 0);
    const options = Object.entries(measures).filter(([name]) => name !== "offline" || hasOffline)
        .map(([name, measure]) => [name, measure.title]);
    place.append(segmented("Measure", options, state.measure, (measure) => change({ measure })));
    if (data.runs.length > 1) {
        const runs = data.runs.map((run, position) => [String(position), run.title]);
        const holder = make("div");
        place.append(holder);
        onChange(() => {
            if (holder.contains(document.activeElement)) return;
            holder.replaceChildren(oneOf("Shown", runs, String(state.run), (run) => change({ run: Number(run) })));
        });
    }
    place.append(networkControls());
    for (const element of document.querySelectorAll(".time")) {
        const traffic = [Number(element.dataset.bytes), Number(element.dataset.rounds), 0, 0];
        onChange(() => { element.textContent = formatSeconds(seconds(traffic)); });
    }
    for (const element of document.querySelectorAll(".saving")) {
        const [before, after] = [element.dataset.before, element.dataset.after].map((text) => text.split(",").map(Number));
        onChange(() => { element.textContent = `${((1 - seconds(after) / seconds(before)) * 100).toFixed(1)} % saved`; });
    }
    for (const element of document.querySelectorAll(".network")) {
        onChange(() => { element.textContent = formatNetwork(state.network); });
    }
}

// Variants in a plane: cost to the right, divergence upwards on a scale of powers of ten, with rows at the bottom for none and
// at the top for unknown.

// Where costs and divergences are in a plot: `x` and `y` for a figure, marks for the axes as [place, text].
//
// figures: divergences, null where unknown; amounts: what the variants cost in the measure that is shown.
function plotScale(figures, amounts, width) {
    const known = figures.filter((figure) => figure !== null && figure > 0 && Number.isFinite(figure)).map(Math.log10);
    const [height, left, right, top, bottom] = [known.length > 0 ? 340 : 150, 74, 16, 18, 44];
    const [low, high] = known.length > 0 ? [Math.floor(Math.min(...known)), Math.ceil(Math.max(...known) + 1e-9)] : [-1, 0];
    const hasUnknown = figures.includes(null);
    const largest = Math.max(...amounts, 0) || 1;
    const across = width - left - right - 10;
    const [unknown, upper, lower, none] = [top + 6, top + (hasUnknown ? 30 : 6), height - bottom - 30, height - bottom - 8];
    const ofPower = (power) => lower - (power - low) / Math.max(1, high - low) * (lower - upper);
    const y = (figure) => figure === null ? unknown : figure <= 0 ? none : ofPower(Math.log10(Math.min(figure, 10 ** high)));

    const rows = [[none, "none"], ...(hasUnknown ? [[unknown, "unknown"]] : [])];
    const step = Math.max(1, Math.ceil((high - low) / 5));
    const powerText = (power) => power >= -2 && power <= 2 ? String(Number((10 ** power).toPrecision(1))) : `1e${power}`;
    if (known.length > 0) for (let power = low; power <= high; power += step) rows.push([ofPower(power), powerText(power)]);
    const count = width < 500 ? 2 : 4;
    const x = (amount) => left + amount / largest * across;
    const columns = [...Array(count + 1).keys()].map((tick) => largest * tick / count)
        .map((amount) => [x(amount), amountText(amount)]);
    return { width, height, left, right, top, bottom, x, y, rows, columns, hasFigures: known.length > 0 };
}

function plotGrid(scale) {
    const { width, height, left, right, bottom, rows, columns } = scale;
    const text = (attributes, words) => makeSVG("text", attributes, words);
    return [
        rows.map(([y, words]) => [
            makeSVG("line", { x1: left, x2: width - right, y1: y, y2: y, class: "grid" }),
            text({ x: left - 8, y: y + 4, "text-anchor": "end" }, words),
        ]),
        columns.map(([x, words], tick) => {
            const anchor = tick === 0 ? "start" : tick === columns.length - 1 ? "end" : "middle";
            return text({ x, y: height - bottom + 18, "text-anchor": anchor }, words);
        }),
        text({ x: (left + width) / 2, y: height - 6, "text-anchor": "middle", class: "axis" }, measures[state.measure].unit),
        text({ x: 14, y: height / 2, "text-anchor": "middle", class: "axis", transform: `rotate(-90 14 ${height / 2})` },
            scale.hasFigures ? "divergence (relative L2)" : "divergence"),
    ];
}

function plotPoint(variant, [x, y], isChosen, choose) {
    const text = `${shortName(variant.name, 60)}, ${variant.category}: ${measuredText(variant.total)}, `
        + `divergence ${divergenceText(divergence(variant))}`;
    return makeSVG("g", {
        class: `point ${categoryClass(variant)}${isChosen ? " chosen" : ""}`,
        tabindex: "0", role: "button", "aria-label": text, "aria-pressed": String(isChosen),
        onclick: (event) => { if (event.detail === 0) choose(); },
        onkeydown: (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            choose();
        },
    },
    makeSVG("title", {}, text),
    makeSVG("circle", { cx: x, cy: y, r: 14, class: "target" }),
    makeSVG("circle", { cx: x, cy: y, r: isChosen ? 8 : 6, class: "dot" }));
}

function paretoPlot(chosen, choose, width) {
    const original = data.runs[0] ? measured(data.runs[0].total) : null;
    const amounts = data.variants.map((variant) => measured(variant.total));
    const scale = plotScale(data.variants.map(divergence), original === null ? amounts : [...amounts, original], width);
    const points = data.variants.map((variant, place) => plotPoint(
        variant, [scale.x(amounts[place]), scale.y(divergence(variant))], place === chosen, () => choose(place)));
    const start = original === null ? null : makeSVG("g", { class: "original" },
        makeSVG("line", { x1: scale.x(original), x2: scale.x(original), y1: scale.top, y2: scale.height - scale.bottom }),
        makeSVG("text", { x: scale.x(original) - 6, y: scale.top + 22, "text-anchor": "end" }, "the model as it is"));
    const label = "Variants by cost and divergence; a table of the same follows";
    const frame = { viewBox: `0 0 ${width} ${scale.height}`, role: "group", "aria-label": label };
    const plot = makeSVG("svg", frame, plotGrid(scale), start, points);
    // Points can lie on each other: a click means the nearest one.
    plot.addEventListener("click", (event) => {
        if (event.detail === 0) return;
        const distances = points.map((point) => {
            const bounds = point.querySelector(".dot").getBoundingClientRect();
            return Math.hypot(bounds.left + bounds.width / 2 - event.clientX, bounds.top + bounds.height / 2 - event.clientY);
        });
        const nearest = distances.indexOf(Math.min(...distances));
        if (distances[nearest] < 40) choose(nearest);
    });
    return plot;
}

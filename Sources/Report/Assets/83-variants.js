// Variants as points of cost and divergence.

function startVariants() {
    const place = bodyOf("variants");
    if (!place) return;
    let chosen = null;
    const plot = make("div", { class: "plot" });
    const detail = make("div", { class: "variant", "aria-live": "polite" });
    const rows = data.variants.map((variant, row) => ({ row, key: String(row), label: variant.name, variant }));
    const original = data.runs[0]?.total;
    const saving = (cost) => original ? formatShare(measured(original) - measured(cost), measured(original)) : "";

    const choose = (row) => { chosen = row; show(); table.update(); };
    const table = sortableTable({
        caption: "Variants",
        rows: () => rows,
        sorted: { column: 4, descending: false },
        chosen: (row) => row.row === chosen,
        columns: [
            { title: "Variant", key: (row) => row.variant.name, show: (row) => button(shortName(row.variant.name, 60), () => choose(row.row), { class: "link", "aria-pressed": String(row.row === chosen) }) },
            { title: "Class", key: (row) => row.variant.category, show: (row) => row.variant.category },
            ...costColumns((row) => row.variant.total),
            { title: "Saved", isNumber: true, key: (row) => -measured(row.variant.total), show: (row) => saving(row.variant.total) },
            { title: "Divergence", isNumber: true, key: (row) => divergence(row.variant) ?? Infinity, show: (row) => divergence(row.variant) === 0 ? "none" : formatFigure(divergence(row.variant)) },
            { title: "Top-1", isNumber: true, key: (row) => row.variant.divergence?.top1Agreement ?? -1, show: (row) => row.variant.divergence?.top1Agreement === undefined || row.variant.divergence?.top1Agreement === null ? "" : formatShare(row.variant.divergence.top1Agreement, 1) },
        ],
    });

    function show() {
        plot.replaceChildren(paretoPlot(chosen, choose, Math.max(300, Math.min(760, plot.clientWidth || 720))));
        const variant = chosen === null ? null : data.variants[chosen];
        if (!variant) {
            detail.replaceChildren(make("p", { class: "hint" }, "Choose a point or a row to see what was changed."));
            return;
        }
        const { divergence: measuredDivergence } = variant;
        const facts = [
            ["class", variant.category], ["cost", `${formatBytes(variant.total[ONLINE_BYTES])}, ${formatRounds(variant.total[ONLINE_ROUNDS])}, ${formatSeconds(seconds(variant.total))}`],
            ["saved", original ? `${saving(variant.total)} of ${measures[state.measure].unit}` : null],
            ["divergence", variant.category === "exact" ? "none but for rounding" : measuredDivergence ? `${formatFigure(Number(measuredDivergence.relativeL2))} relative L2 at the outputs` : `unknown: ${shortName(variant.whyUnknown, 200)}`],
            ["top-1 agreement", measuredDivergence && typeof measuredDivergence.top1Agreement === "number" ? formatShare(measuredDivergence.top1Agreement, 1) : null],
            ["KL divergence", measuredDivergence && measuredDivergence.klDivergence !== undefined && measuredDivergence.klDivergence !== null ? `${formatFigure(Number(measuredDivergence.klDivergence))} nats` : null],
            ["measured on", measuredDivergence ? `${measuredDivergence.samples} ${measuredDivergence.isSynthetic ? "synthetic samples, which are not the model’s real data" : "samples"}` : null],
            ["file", variant.file], ["made by", variant.command],
        ].filter(([, text]) => text);
        detail.replaceChildren(make("h3", {}, nameOf(variant.name, {}, 80)),
            variant.changes.length > 0 ? make("ul", {}, variant.changes.map((text) => make("li", {}, shortName(text, 300)))) : "",
            make("dl", { class: "facts" }, facts.map(([term, text]) => [make("dt", {}, term), make("dd", {}, term === "file" || term === "made by" ? make("code", {}, text) : text)])),
            ...variant.warnings.map((text) => make("p", { class: "warning" }, shortName(text, 600))),
            variant.picture === null || variant.picture === undefined ? "" : drawingView([variant.picture]));
    }

    const categories = [...new Map(data.variants.map((variant) => [variant.category, categoryClass(variant)]))];
    const legend = make("p", { class: "legend" }, categories.map(([category, name]) => make("span", {}, make("span", { class: `swatch ${name}` }), shortName(category, 40))));
    place.append(plot, legend, detail, table.element);
    onChange(show);
    window.addEventListener("resize", show);
}

const CATEGORIES = ["exact", "rounding", "bounded error", "needs fine-tuning", "needs distillation"];
const categoryClass = (variant) => `category-${CATEGORIES.indexOf(variant.category) + 1}`;

// The relative L2 divergence: 0 for what computes the same (the rest is the rounding of the run that measured it), nothing if unknown.
function divergence(variant) {
    if (variant.category === "exact") return 0;
    return variant.divergence ? Number(variant.divergence.relativeL2) : null;
}

// What each change does when it is the only one.
function startSites() {
    const place = bodyOf("sites");
    if (!place) return;
    place.parentElement.hidden = data.sites.length === 0;
    const rows = data.sites.map((site, row) => ({ row, key: String(row), label: site.place, site, rank: row + 1 }));
    const saved = { bytes: formatBytes, rounds: formatCount, time: formatSeconds }[data.measure];
    const longest = Math.max(0, ...data.sites.map((site) => site.saving));
    const table = sortableTable({
        caption: "Single changes",
        limit: 12,
        rows: () => rows,
        columns: [
            { title: "Place", key: (row) => row.site.place, show: (row) => nameOf(row.site.place, {}, 72) },
            { title: "Saves", key: (row) => row.site.saving, show: (row) => bar(row.site.saving, longest) },
            { title: "Alone", isNumber: true, key: (row) => row.site.saving, show: (row) => saved(row.site.saving) },
            { title: "Divergence", isNumber: true, key: (row) => row.site.divergence ?? Infinity, show: (row) => formatFigure(row.site.divergence) },
            { title: "Rank", isNumber: true, key: (row) => row.rank, show: (row) => String(row.rank) },
            { title: "Rule", isMinor: true, isShort: true, key: (row) => row.site.rule, show: (row) => nameOf(row.site.rule, { class: "name rule" }, 40) },
            { title: "Class", isMinor: true, isShort: true, key: (row) => row.site.category, show: (row) => row.site.category },
        ],
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" }, "Ranked by what they save for each unit of divergence, or by what they save where divergences are unknown."));
}

function startAlternatives() {
    const place = bodyOf("alternatives");
    if (!place) return;
    place.parentElement.hidden = data.alternatives.length === 0;
    const rows = data.alternatives.map((alternative, row) => ({ row, key: String(row), label: alternative.name, alternative }));
    const table = sortableTable({
        caption: "Other settings and frameworks",
        rows: () => rows,
        columns: [
            { title: "What", key: (row) => row.alternative.name, show: (row) => [nameOf(row.alternative.name, {}, 60), row.alternative.unpriced > 0 ? make("span", { class: "badge" }, "not all priced") : null] },
            ...costColumns((row) => row.alternative.total),
            { title: "Protects against", isMinor: true, key: (row) => row.alternative.remark, show: (row) => shortName(row.alternative.remark || "–", 80) },
        ],
    });
    place.append(table.element, make("p", { class: "caption" }, "No points of the front: what a framework’s own approximations do to the outputs is not measured, and another framework protects against somebody else."));
}

// Cost to the right, divergence upwards on a scale of powers of ten; rows at the bottom for none and at the top for unknown.
function paretoPlot(chosen, choose, width) {
    const [height, left, right, top, bottom] = [340, 74, 16, 18, 44];
    const figures = data.variants.map(divergence);
    const known = figures.filter((figure) => figure !== null && figure > 0 && Number.isFinite(figure)).map(Math.log10);
    const [low, high] = known.length > 0 ? [Math.floor(Math.min(...known)), Math.ceil(Math.max(...known) + 1e-9)] : [-1, 0];
    const hasUnknown = figures.includes(null);
    const all = [...data.variants.map((variant) => variant.total), ...(data.runs[0] ? [data.runs[0].total] : [])].map(measured);
    const largest = Math.max(...all, 0) || 1;
    const x = (cost) => left + measured(cost) / largest * (width - left - right - 10);
    const [upper, lower] = [top + (hasUnknown ? 30 : 6), height - bottom - 30];
    const y = (figure) => figure === null ? top + 6
        : figure <= 0 ? height - bottom - 8
            : lower - (Math.log10(Math.min(figure, 10 ** high)) - low) / Math.max(1, high - low) * (lower - upper);
    const grid = [];
    const line = (height, text) => grid.push(makeSVG("line", { x1: left, x2: width - right, y1: height, y2: height, class: "grid" }), makeSVG("text", { x: left - 8, y: height + 4, "text-anchor": "end" }, text));
    line(height - bottom - 8, "none");
    if (hasUnknown) line(top + 6, "unknown");
    const step = Math.max(1, Math.ceil((high - low) / 5));
    if (known.length > 0) for (let power = low; power <= high; power += step) line(lower - (power - low) / Math.max(1, high - low) * (lower - upper), power >= -2 && power <= 2 ? String(Number((10 ** power).toPrecision(1))) : `1e${power}`);
    const ticks = width < 500 ? 2 : 4;
    for (let tick = 0; tick <= ticks; tick++) {
        const amount = largest * tick / ticks;
        grid.push(makeSVG("text", { x: left + tick / ticks * (width - left - right - 10), y: height - bottom + 18, "text-anchor": tick === 0 ? "start" : tick === ticks ? "end" : "middle" }, measures[state.measure].text(amount)));
    }
    grid.push(makeSVG("text", { x: (left + width) / 2, y: height - 6, "text-anchor": "middle", class: "axis" }, measures[state.measure].unit),
        makeSVG("text", { x: 14, y: height / 2, "text-anchor": "middle", class: "axis", transform: `rotate(-90 14 ${height / 2})` }, "divergence (relative L2)"));
    const points = data.variants.map((variant, place) => {
        const at = [x(variant.total), y(figures[place])];
        const text = `${shortName(variant.name, 60)}, ${variant.category}: ${measuredText(variant.total)}, divergence ${figures[place] === 0 ? "none" : formatFigure(figures[place])}`;
        return makeSVG("g", {
            class: `point ${categoryClass(variant)}${place === chosen ? " chosen" : ""}`, tabindex: "0", role: "button", "aria-label": text, "aria-pressed": String(place === chosen),
            onclick: (event) => { if (event.detail === 0) choose(place); }, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(place); } },
        }, makeSVG("title", {}, text), makeSVG("circle", { cx: at[0], cy: at[1], r: 14, class: "target" }), makeSVG("circle", { cx: at[0], cy: at[1], r: place === chosen ? 8 : 6, class: "dot" }));
    });
    const start = data.runs[0] ? makeSVG("g", { class: "original" }, makeSVG("line", { x1: x(data.runs[0].total), x2: x(data.runs[0].total), y1: top, y2: height - bottom }), makeSVG("text", { x: x(data.runs[0].total) - 6, y: top + 22, "text-anchor": "end" }, "the model as it is")) : null;
    const plot = makeSVG("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Variants by cost and divergence; a table of the same follows" }, grid, start, points);
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

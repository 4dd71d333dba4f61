// Variants as points of cost and divergence.

function startVariants() {
    const place = bodyOf("variants");
    if (!place) return;
    let chosen = null;
    const plot = make("div", { class: "plot" });
    const detail = make("div", { class: "variant", "aria-live": "polite" });
    const rows = data.variants.map((variant, row) => ({ row, key: String(row), label: variant.name, variant }));

    const choose = (row) => { chosen = row; show(); table.update(); };
    const table = sortableTable({
        caption: "Variants",
        rows: () => rows,
        sorted: { column: 4, descending: false },
        chosen: (row) => row.row === chosen,
        columns: [
            {
                title: "Variant",
                key: (row) => row.variant.name,
                show: (row) => button(shortName(row.variant.name, 60), () => choose(row.row),
                    { class: "link", "aria-pressed": String(row.row === chosen) }),
            },
            { title: "Class", key: (row) => row.variant.category, show: (row) => row.variant.category },
            ...costColumns((row) => row.variant.total),
            numberColumn("Saved", (row) => -measured(row.variant.total), (amount) => savingText(-amount)),
            {
                title: "Divergence", isNumber: true,
                key: (row) => divergence(row.variant) ?? Infinity, show: (row) => divergenceText(divergence(row.variant)),
            },
            numberColumn("Top-1", (row) => row.variant.divergence?.top1Agreement ?? -1,
                (share) => share < 0 ? "" : formatShare(share, 1)),
        ],
    });

    function show() {
        plot.replaceChildren(paretoPlot(chosen, choose, Math.max(300, Math.min(760, plot.clientWidth || 720))));
        const variant = chosen === null ? null : data.variants[chosen];
        if (!variant) {
            detail.replaceChildren(make("p", { class: "hint" }, "Choose a point or a row to see what was changed."));
            return;
        }
        const paragraphs = (texts, kind, limit) => texts.map((text) => make("p", { class: kind }, shortName(text, limit)));
        detail.replaceChildren(make("h3", {}, nameOf(variant.name, {}, 80)),
            variant.changes.length > 0 ? make("ul", {}, variant.changes.map((text) => make("li", {}, shortName(text, 300)))) : "",
            make("dl", { class: "facts" }, variantFacts(variant).map(([term, text]) =>
                [make("dt", {}, term), make("dd", {}, term === "file" || term === "made by" ? make("code", {}, text) : text)])),
            variant.published.length > 0 ? make("details", { class: "alternative" },
                make("summary", {}, "What is published"), paragraphs(variant.published, "remark", 1200)) : "",
            ...paragraphs(variant.warnings, "warning", 600),
            variant.picture === null || variant.picture === undefined ? "" : drawingView([variant.picture]));
    }

    const categories = [...new Map(data.variants.map((variant) => [variant.category, categoryClass(variant)]))];
    const legend = make("p", { class: "legend" }, categories.map(([category, name]) =>
        make("span", {}, make("span", { class: `swatch ${name}` }), shortName(category, 40))));
    place.append(plot, legend, detail, table.element);
    onChange(show);
    window.addEventListener("resize", show);
}

const CATEGORIES = ["exact", "rounding", "bounded error", "needs fine-tuning", "needs distillation"];
const categoryClass = (variant) => `category-${CATEGORIES.indexOf(variant.category) + 1}`;

// What a variant of that cost saves of the model as it is.
function savingText(amount) {
    const original = data.runs[0]?.total;
    return original ? formatShare(measured(original) - amount, measured(original)) : "";
}

// Terms and texts about a variant, as far as there is something to say.
function variantFacts(variant) {
    const { divergence: known, category, whyUnknown, total } = variant;
    const unmeasured = () => `unknown: ${shortName(whyUnknown, 200)}`;
    const relative = () => `${formatFigure(Number(known.relativeL2))} relative L2 at the outputs`;
    const kl = known?.klDivergence ?? null;
    const samples = known?.isSynthetic ? "synthetic samples, which are not the model’s real data" : "samples";
    return [
        ["class", category],
        ["cost", costText(total)],
        ["saved", data.runs[0] ? `${savingText(measured(total))} of ${measures[state.measure].unit}` : null],
        ["divergence", category === "exact" ? "none but for rounding" : known ? relative() : unmeasured()],
        ["top-1 agreement", typeof known?.top1Agreement === "number" ? formatShare(known.top1Agreement, 1) : null],
        ["KL divergence", kl === null ? null : `${formatFigure(Number(kl))} nats`],
        ["measured on", known ? `${known.samples} ${samples}` : null],
        ["file", variant.file],
        ["made by", variant.command],
    ].filter(([, text]) => text);
}

// The relative L2 divergence: 0 for what computes the same (the rest is the rounding of the run that measured it), nothing
// if unknown.
function divergence(variant) {
    if (variant.category === "exact") return 0;
    return variant.divergence ? Number(variant.divergence.relativeL2) : null;
}

const divergenceText = (figure) => figure === 0 ? "none" : formatFigure(figure);

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
            numberColumn("Alone", (row) => row.site.saving, saved),
            {
                title: "Divergence", isNumber: true,
                key: (row) => row.site.divergence ?? Infinity, show: (row) => formatFigure(row.site.divergence),
            },
            numberColumn("Rank", (row) => row.rank, String),
            {
                title: "Rule", isMinor: true, isShort: true,
                key: (row) => row.site.rule, show: (row) => nameOf(row.site.rule, { class: "name rule" }, 40),
            },
            { title: "Class", isMinor: true, isShort: true, key: (row) => row.site.category, show: (row) => row.site.category },
        ],
    });
    table.element.classList.add("bars-table");
    place.append(table.element, make("p", { class: "caption" }, "Ranked by what they save for each unit of divergence, ",
        "or by what they save where divergences are unknown."));
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
            {
                title: "What",
                key: (row) => row.alternative.name,
                show: (row) => [
                    nameOf(row.alternative.name, {}, 60),
                    row.alternative.unpriced > 0 ? make("span", { class: "badge" }, "not all priced") : null,
                ],
            },
            ...costColumns((row) => row.alternative.total),
            {
                title: "Protects against", isMinor: true,
                key: (row) => row.alternative.remark, show: (row) => shortName(row.alternative.remark || "–", 80),
            },
        ],
    });
    place.append(table.element, make("p", { class: "caption" }, "No points of the front: what a framework’s own ",
        "approximations do to the outputs is not measured, and another framework protects against somebody else."));
}


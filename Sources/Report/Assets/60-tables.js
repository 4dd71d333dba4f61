// Tables that can be sorted by any column.

const classes = (...names) => names.filter(Boolean).join(" ") || null;

// Minor columns are left out on narrow screens, short ones are never broken.
const kindOf = (column) => classes(column.isNumber && "number", column.isMinor && "minor", column.isShort && "short");

// Numbers by size, all else as people sort names: part 2 before part 10.
function compareKeys(left, right) {
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right), "en", { numeric: true });
}

// Rows in the order of a column. Equal ones stay as they are, in both directions.
const sortedRows = (rows, key, descending) =>
    [...rows].sort((a, b) => descending ? compareKeys(key(b), key(a)) : compareKeys(key(a), key(b)));

// Whether one of the texts has the words in it, in any case.
const isFound = (words, texts) => texts.some((text) => text.toLowerCase().includes(words.trim().toLowerCase()));

// A column: its title, what to sort by, what to show (text or an element), and whether it holds numbers.
function sortableTable({ caption, columns, rows, limit = 25, sorted, detail, chosen }) {
    const order = { column: sorted?.column ?? null, descending: sorted?.descending ?? true, isWhole: false };
    const head = make("tr");
    const body = make("tbody");
    const more = make("div", { class: "more" });
    const table = make("table", {}, make("caption", { class: "hidden" }, caption), make("thead", {}, head), body);
    const opened = new Set();

    function showRows() {
        const all = rows();
        const arranged = order.column === null ? all : sortedRows(all, columns[order.column].key, order.descending);
        const shown = order.isWhole ? arranged : arranged.slice(0, limit);
        body.replaceChildren(...shown.flatMap((row) => {
            const cells = columns.map((column, place) => {
                return make(place === 0 ? "th" : "td", { class: kindOf(column), scope: place === 0 ? "row" : null },
                    place === 0 ? make("div", { class: "cell" }, make("div", {}, column.show(row))) : column.show(row));
            });
            if (detail) {
                const isOpen = opened.has(row.key);
                const label = `Details of ${shortName(row.label ?? String(row.row), 60)}`;
                const toggle = button(isOpen ? "▾" : "▸", () => {
                    if (isOpen) opened.delete(row.key); else opened.add(row.key);
                    showRows();
                    table.querySelector(`[data-row="${row.row}"] .toggle`)?.focus();
                }, { class: "toggle", "aria-expanded": String(isOpen), "aria-label": label });
                cells[0].firstChild.prepend(toggle);
            }
            const line = make("tr", { "data-row": row.row, class: chosen?.(row) ? "chosen" : null }, cells);
            if (!detail || !opened.has(row.key)) return [line];
            return [line, make("tr", { class: "detail" }, make("td", { colspan: columns.length }, detail(row)))];
        }));
        more.replaceChildren(...(all.length > limit ? [
            button(order.isWhole ? `Show ${limit} rows` : `Show all ${formatCount(all.length)} rows`, () => {
                order.isWhole = !order.isWhole;
                showRows();
            }),
        ] : []));
        head.childNodes.forEach((cell, place) =>
            cell.setAttribute("aria-sort", order.column === place ? (order.descending ? "descending" : "ascending") : "none"));
    }

    columns.forEach((column, place) => {
        const sort = button(column.title, () => {
            if (order.column === place) order.descending = !order.descending;
            else Object.assign(order, { column: place, descending: column.isNumber === true });
            showRows();
        }, { class: "sort" });
        head.append(make("th", { scope: "col", class: kindOf(column) }, sort));
    });
    onChange(showRows);
    const place = { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${caption}` };
    return { element: make("div", { class: "table" }, make("div", place, table), more), update: showRows };
}

// A column of numbers: what they are, and how they are written.
const numberColumn = (title, key, text) => ({ title, isNumber: true, key, show: (row) => text(key(row)) });

const someOffline = (costs) => costs.some((cost) => cost[OFFLINE_BYTES] !== 0);

function costColumns(costOf, { whole, hasOffline = someOffline(data.runs.map((run) => run.total)) } = {}) {
    const figure = (place) => (row) => costOf(row)[place];
    const bytes = figure(ONLINE_BYTES);
    return [
        numberColumn("Bytes", bytes, formatBytes),
        whole ? numberColumn("Share", bytes, (part) => formatShare(part, whole()[ONLINE_BYTES])) : null,
        numberColumn("Rounds", figure(ONLINE_ROUNDS), formatCount),
        numberColumn("Time", (row) => seconds(costOf(row)), formatSeconds),
        hasOffline ? numberColumn("Offline", figure(OFFLINE_BYTES), formatBytes) : null,
    ].filter(Boolean);
}

// A bar as long as a part of the longest, with the same for what it is compared with.
function bar(value, longest, before) {
    const length = (number) => `${longest > 0 ? Math.max(0, number) / longest * 100 : 0}%`;
    return make("span", { class: "bars", "aria-hidden": "true" },
        before === undefined ? null : make("span", { class: "bar before", style: { width: length(before) } }),
        make("span", { class: value > 0 ? "bar" : "bar none", style: { width: length(value) } }));
}

function csvText(header, rows) {
    const cell = (value) => /[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
    return [header, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

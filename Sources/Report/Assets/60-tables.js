// Tables that can be sorted by any column.

const classes = (...names) => names.filter(Boolean).join(" ") || null;

// Minor columns are left out on narrow screens, short ones are never broken.
const kindOf = (column) => classes(column.isNumber && "number", column.isMinor && "minor", column.isShort && "short");

// A column: its title, what to sort by, what to show (text or an element), and whether it holds numbers.
function sortableTable({ caption, columns, rows, limit = 25, sorted, detail, chosen }) {
    const order = { column: sorted?.column ?? null, descending: sorted?.descending ?? true, isWhole: false };
    const head = make("tr");
    const body = make("tbody");
    const more = make("div", { class: "more" });
    const table = make("table", {}, make("caption", { class: "hidden" }, caption), make("thead", {}, head), body);
    const opened = new Set();

    const compare = (a, b) => {
        const [left, right] = [a, b].map((row) => columns[order.column].key(row));
        const result = typeof left === "number" && typeof right === "number" ? left - right : String(left).localeCompare(String(right), "en", { numeric: true });
        return order.descending ? -result : result;
    };

    function showRows() {
        const all = rows();
        const arranged = order.column === null ? all : [...all].sort(compare);
        const shown = order.isWhole ? arranged : arranged.slice(0, limit);
        body.replaceChildren(...shown.flatMap((row) => {
            const cells = columns.map((column, place) => {
                return make(place === 0 ? "th" : "td", { class: kindOf(column), scope: place === 0 ? "row" : null },
                    place === 0 ? make("div", { class: "cell" }, make("div", {}, column.show(row))) : column.show(row));
            });
            if (detail) {
                const isOpen = opened.has(row.key);
                const toggle = button(isOpen ? "▾" : "▸", () => {
                    if (isOpen) opened.delete(row.key); else opened.add(row.key);
                    showRows();
                    table.querySelector(`[data-row="${row.row}"] .toggle`)?.focus();
                }, { class: "toggle", "aria-expanded": String(isOpen), "aria-label": `Details of ${shortName(row.label ?? String(row.row), 60)}` });
                cells[0].firstChild.prepend(toggle);
            }
            const line = make("tr", { "data-row": row.row, class: chosen?.(row) ? "chosen" : null }, cells);
            return detail && opened.has(row.key) ? [line, make("tr", { class: "detail" }, make("td", { colspan: columns.length }, detail(row)))] : [line];
        }));
        more.replaceChildren(...(all.length > limit
            ? [button(order.isWhole ? `Show ${limit} rows` : `Show all ${formatCount(all.length)} rows`, () => { order.isWhole = !order.isWhole; showRows(); })] : []));
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
    return { element: make("div", { class: "table" }, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${caption}` }, table), more), update: showRows };
}

const costColumns = (costOf, whole) => [
    { title: "Bytes", isNumber: true, key: (row) => costOf(row)[ONLINE_BYTES], show: (row) => formatBytes(costOf(row)[ONLINE_BYTES]) },
    ...(whole ? [{ title: "Share", isNumber: true, key: (row) => costOf(row)[ONLINE_BYTES], show: (row) => formatShare(costOf(row)[ONLINE_BYTES], whole()[ONLINE_BYTES]) }] : []),
    { title: "Rounds", isNumber: true, key: (row) => costOf(row)[ONLINE_ROUNDS], show: (row) => formatCount(costOf(row)[ONLINE_ROUNDS]) },
    { title: "Time", isNumber: true, key: (row) => seconds(costOf(row)), show: (row) => formatSeconds(seconds(costOf(row))) },
    ...(data.runs.some((run) => run.total[OFFLINE_BYTES] !== 0)
        ? [{ title: "Offline", isNumber: true, key: (row) => costOf(row)[OFFLINE_BYTES], show: (row) => formatBytes(costOf(row)[OFFLINE_BYTES]) }] : []),
];

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

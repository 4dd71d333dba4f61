// Quantities as the program itself writes them: Tests/Fixtures/formats.json holds both to the same texts.

// A number with so many decimals, halves upwards.
function fixed(number, decimals) {
    const scale = 10 ** decimals;
    return (Math.floor(number * scale + 0.5) / scale).toFixed(decimals);
}

function formatBytes(count) {
    const magnitude = Math.abs(count);
    if (magnitude < 1000) return `${count} B`;
    let unit = 1;
    for (const name of ["kB", "MB", "GB", "TB", "PB", "EB"]) {
        unit *= 1000;
        for (const decimals of [2, 1, 0]) {
            // A quotient of whole numbers: thousandths of a unit cannot be written exactly, and 1,005 B would lose a digit.
            const step = unit / 10 ** decimals;
            const digits = Math.floor((magnitude + step / 2) / step);
            if (digits < 1000) return `${count < 0 ? "-" : ""}${(digits / 10 ** decimals).toFixed(decimals)} ${name}`;
        }
    }
    return `${count} B`;
}

const formatCount = (number) => Math.round(number).toLocaleString("en-US");

const formatRounds = (number) => number === 1 ? "1 round" : `${formatCount(number)} rounds`;

function formatShare(part, whole) {
    if (!(whole > 0)) return "";
    const percent = part / whole * 100;
    if (percent === 0) return "0 %";
    if (Math.abs(percent) < 0.1) return percent < 0 ? ">-0.1 %" : "<0.1 %";
    return `${percent < 0 ? "-" : ""}${fixed(Math.abs(percent), 1)} %`;
}

function formatSeconds(time) {
    if (!Number.isFinite(time)) return "for ever";
    if (time < 0) return "-" + formatSeconds(-time);
    const significant = (number) => fixed(number, number < 9.995 ? 2 : number < 99.95 ? 1 : 0);
    const padded = (number) => String(number).padStart(2, "0");
    const whole = Math.round(time);
    if (time === 0) return "0 s";
    if (time < 0.0009995) return `${significant(time * 1e6)} µs`;
    if (time < 0.9995) return `${significant(time * 1000)} ms`;
    if (time < 99.95) return `${significant(time)} s`;
    if (time < 3599.5) return `${Math.floor(whole / 60)} min ${padded(whole % 60)} s`;
    return `${Math.floor(whole / 3600)} h ${padded(Math.floor(whole % 3600 / 60))} min`;
}

// Bytes, rounds and time of a cost, online.
const costText = (cost) =>
    `${formatBytes(cost[ONLINE_BYTES])}, ${formatRounds(cost[ONLINE_ROUNDS])}, ${formatSeconds(seconds(cost))}`;

// Divergences and the like: three significant digits, with an exponent where zeros would be counted.
function formatFigure(number) {
    if (number === null || number === undefined) return "unknown";
    if (!Number.isFinite(number)) return String(number);
    if (number === 0) return "0";
    const isOrdinary = Math.abs(number) >= 0.001 && Math.abs(number) < 10000;
    return isOrdinary ? Number(number.toPrecision(3)).toString() : number.toExponential(1);
}

function formatNetwork(network) {
    const figures = `${formatBytes(network.bytesPerSecond)}/s, ${formatSeconds(network.latency)} a round`;
    const known = data.networks.find((one) => one.bytesPerSecond === network.bytesPerSecond && one.latency === network.latency);
    return known ? `${known.name.toUpperCase()} (${figures})` : figures;
}

// Control characters, and those that turn the direction of the text around them.
const INVISIBLE = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

// Names can be of any length and look like nothing at all.
function shortName(name, limit = 80) {
    const letters = Array.from(name.replace(INVISIBLE, "\uFFFD"));
    if (name.trim() === "") return "(no name)";
    if (letters.length <= limit) return letters.join("");
    return letters.slice(0, limit / 2).join("") + "…" + letters.slice(-limit / 2 + 1).join("");
}

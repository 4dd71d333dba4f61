// Elements are made here and nowhere else: text is only ever text.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name === "style") for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return element;
}

const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const makeSVG = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const bodyOf = (section) => document.querySelector(`#${section} > .body`);

// A name that comes from the model: shortened, whole where a mouse rests on it, and with its own direction of writing.
// It may be broken after the marks that part it.
const nameOf = (name, attributes = {}, limit = 80) => make("bdi", { class: "name", title: shortName(name, 2000), ...attributes },
    shortName(name, limit).split(/(?<=[/.:_])/).map((part, place) => place > 0 ? [make("wbr"), part] : part));

// One choice of a few, as a row of radio buttons.
let choices = 0;
function segmented(legend, options, chosen, choose) {
    const group = `choice-${++choices}`;
    return make("fieldset", { class: "segmented" },
        make("legend", {}, legend),
        options.map(([value, title]) => make("label", {},
            make("input", { type: "radio", name: group, value, checked: value === chosen, onchange: () => choose(value) }),
            make("span", {}, title))));
}

function select(legend, options, chosen, choose) {
    return make("label", { class: "select" }, make("span", {}, legend),
        make("select", { onchange: (event) => choose(event.target.value) },
            options.map(([value, title]) => make("option", { value, selected: value === chosen }, title))));
}

// A few choices are buttons, many are a menu.
const oneOf = (legend, options, chosen, choose) => options.length <= 5 && options.every((option) => option[1].length < 24)
    ? segmented(legend, options, chosen, choose) : select(legend, options, chosen, choose);

const button = (title, action, attributes = {}) => make("button", { type: "button", onclick: action, ...attributes }, title);

function download(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const fileName = (suffix) => (data.model.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 60) || "model") + suffix;

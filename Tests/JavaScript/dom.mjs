// As much of a browser's document as the scripts of a report use, so that they run in node.

export class Element {
    constructor(tag) {
        Object.assign(this, { tag, attributes: {}, childNodes: [], listeners: {}, parentElement: null, value: "", checked: false });
        this.style = { setProperty(name, value) { this[name] = value; } };
        this.classList = {
            add: (name) => this.setAttribute("class", [this.attributes.class, name].filter(Boolean).join(" ")),
        };
    }

    setAttribute(name, value) {
        this.attributes[name] = String(value);
        if (name === "value") this.value = String(value);
    }

    getAttribute(name) { return this.attributes[name] ?? null; }

    get children() { return this.childNodes.filter((child) => child instanceof Element); }

    get firstChild() { return this.childNodes[0] ?? null; }

    get textContent() { return this.childNodes.map((child) => child instanceof Element ? child.textContent : child).join(""); }

    set textContent(text) { this.childNodes = [String(text)]; }

    adopted(nodes) {
        for (const node of nodes) if (node instanceof Element) node.parentElement = this;
        return nodes.map((node) => node instanceof Element ? node : String(node));
    }

    append(...nodes) { this.childNodes.push(...this.adopted(nodes)); }

    prepend(...nodes) { this.childNodes.unshift(...this.adopted(nodes)); }

    replaceChildren(...nodes) { this.childNodes = this.adopted(nodes); }

    addEventListener(kind, listener) { (this.listeners[kind] ??= []).push(listener); }

    // What a browser does when something happens to the element.
    fire(kind, event = {}) {
        for (const listener of this.listeners[kind] ?? []) listener({ target: this, preventDefault() {}, ...event });
    }

    click() { this.fire("click", { detail: 1 }); }

    focus() {}

    contains() { return false; }

    // All elements below this one that fit, in the order of the page.
    all(fits) { return this.children.flatMap((child) => [...(fits(child) ? [child] : []), ...child.all(fits)]); }

    tags(tag) { return this.all((element) => element.tag === tag); }

    withClass(name) { return this.all((element) => (element.attributes.class ?? "").split(" ").includes(name)); }

    querySelector(selector) {
        const [, name] = /\.([a-z]+)$/.exec(selector) ?? [];
        return name ? this.withClass(name)[0] ?? null : null;
    }
}

// A document with the data of a report and the sections of those names.
export function documentWith(data, sections) {
    const script = new Element("script");
    script.textContent = JSON.stringify(data);
    const bodies = Object.fromEntries(sections.map((name) => {
        const [section, body] = [new Element("section"), new Element("div")];
        section.append(body);
        return [name, body];
    }));
    return {
        bodies,
        activeElement: null,
        createElement: (tag) => new Element(tag),
        createElementNS: (_, tag) => new Element(tag),
        getElementById: (id) => id === "data" ? script : bodies[id]?.parentElement ?? null,
        querySelector: (selector) => bodies[/^#([a-z]+) > \.body$/.exec(selector)?.[1]] ?? null,
        querySelectorAll: () => [],
    };
}

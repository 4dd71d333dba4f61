// Loads the scripts of a report as a page does, one after another into one scope, with a document of our own.

import fs from "node:fs";
import vm from "node:vm";
import { documentWith } from "./dom.mjs";
import { reportData } from "./data.mjs";

const folder = new URL("../../Sources/Report/Assets/", import.meta.url);

export const scripts = fs.readdirSync(folder).filter((name) => name.endsWith(".js")).sort()
    .map((name) => ({ name, text: fs.readFileSync(new URL(name, folder), "utf8") }));

// A page of that data. `run(text)` evaluates JavaScript in it; the last script, which starts everything, has not run.
export function openPage(data = reportData(), sections = []) {
    const document = documentWith(data, sections);
    const window = { addEventListener() {} };
    const context = vm.createContext({ document, window, console });
    for (const { name, text } of scripts) {
        if (name !== "90-start.js") vm.runInContext(text, context, { filename: name });
    }
    return { bodies: document.bodies, run: (text) => vm.runInContext(text, context) };
}

// Values of a page belong to its scope, where arrays and objects have other prototypes.
export const plain = (value) => JSON.parse(JSON.stringify(value));

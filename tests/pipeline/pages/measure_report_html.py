#!/usr/bin/env python3
"""Measures pages in Chromium: what stands on the first screen and the first sheet, how many words, what is cut.

Usage: measure_report_html.py WRITE_EXAMPLE_PAGES; prints each fault and exits 1 when there is one, 77 where there
is no Chromium or no pdftotext. Every page is laid out in frames of the widths of a desk, a tablet and a telephone,
and the first sheets are printed.
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from browser import Browser

SKIPPED = 77
WIDTHS = (1280, 768, 390)
SCREEN = 800       # px that are seen without scrolling
MOST_WORDS = 3000  # before anything is unfolded
KINDS = ("plain", "laboratory", "blood-and-marrow", "insufficient", "incomplete", "failed", "strange", "excluded",
         "differing", "nothing-but-the-slide", "reviewed", "signed", "amended")
# What must be seen at first, by selector. Of a slide that failed there is nothing but its reasons.
AT_A_GLANCE = {"flags": ".flags", "differential": "#differential table, #differential .limits",
               "conclusions": "#conclusions .verdict, #conclusions .lacking"}
REASONS = {"reasons": ".status"}


def at_a_glance(kind):
    told = REASONS if kind in ("insufficient", "incomplete", "failed", "strange", "excluded") else {}
    return told if kind == "failed" else {**told, **AT_A_GLANCE}


MEASURE = """
const frames = [...document.querySelectorAll('iframe')];
function bottom(page, selector) {
  const all = [...page.querySelectorAll(selector)];
  return all.length == 0 ? null : Math.max(...all.map(one => one.getBoundingClientRect().bottom));
}
function cut(page, width) {  // with all unfolded, which is laid out once
  page.querySelectorAll('details').forEach(one => one.open = true);
  const scrolled = one => one.closest('.wide') !== null && !one.matches('.wide');
  return [...page.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && !scrolled(one) && !one.closest('svg') && !one.matches('.skip') && box.right > width + 0.5;
  }).slice(0, 3).map(one => one.tagName + '.' + one.className);
}
function scrolling(page) {
  return [...page.querySelectorAll(".wide")].filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.firstElementChild.className);
}
function silent(page) {  // rows of the differential whose number is not seen
  return [...page.querySelectorAll('.film-count tbody tr')].filter(row => {
    const number = row.querySelector('td.share');
    return number === null || number.getBoundingClientRect().width < 5 || number.innerText.trim() === '';
  }).map(row => row.firstElementChild.innerText);
}
frames.map(frame => {
  const page = frame.contentDocument;
  const width = Number(frame.dataset.width);
  const bottoms = Object.fromEntries(Object.entries(SELECTORS).map(([name, selector]) => [name, bottom(page, selector)]));
  return {name: frame.dataset.name, width: width, words: page.body.innerText.split(/\\s+/).length,
    scrollWidth: page.documentElement.scrollWidth, scrolling: scrolling(page), silent: silent(page), ...bottoms,
    editions: page.querySelectorAll('#conclusions .verdict').length, cut: cut(page, width)};
});
"""


def frame_page(pages):
    """Every page once a width, on one page, which is of one origin with them: as srcdoc."""
    frames = []
    for path in pages:
        text = html.escape(path.read_text(encoding="utf-8"), quote=True)
        frames += [f'<iframe data-name="{path.stem}" data-width="{width}" srcdoc="{text}" '
                   f'style="width:{width}px;height:{SCREEN}px;border:0"></iframe>' for width in WIDTHS]
    return ("<!DOCTYPE html><meta charset=utf-8><body style='margin:0;width:1400px'>" + "".join(frames) +
            f"<script>const SELECTORS = {json.dumps({**AT_A_GLANCE, **REASONS})};</script>")


def measured(pages, folder, browser):
    page = folder / "frames.html"
    page.write_text(frame_page(pages), encoding="utf-8")
    browser.open(page)
    return browser.evaluate(MEASURE)


def lightened(path, folder):
    """The page with a dot for each cell's picture and the first dozen cells of a class: as it is laid out, but
    laid out quickly."""
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    text = re.sub(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]{200,}", dot, path.read_text(encoding="utf-8"))
    cells = re.compile(r'((?:<details class="cell.*?</details>\s*){12})(?:<details class="cell.*?</details>\s*)+', re.S)
    light = folder / path.name
    light.write_text(cells.sub(r"\1", text), encoding="utf-8")
    return light


def faults_on_screen(found):
    name, width = found["name"], found["width"]
    kind = name.removeprefix("case-")
    faults = []
    if found["scrollWidth"] > width:
        faults.append(f"is {found['scrollWidth']} px wide")
    if found["cut"]:
        faults.append(f"cuts {', '.join(found['cut'])}")
    if found["scrolling"] and width >= 768 and kind in KINDS:
        faults.append(f"has tables that must be scrolled sideways: {found['scrolling']}")
    if found["silent"]:
        faults.append(f"shows no number of {', '.join(found['silent'])}")
    if width == 1280 and found["words"] >= MOST_WORDS:
        faults.append(f"shows {found['words']} words before anything is unfolded")
    if width == 1280 and kind in KINDS:
        if found["editions"] != (0 if kind == "failed" else 2):
            faults.append(f"has conclusions of {found['editions']} editions")
        for part in at_a_glance(kind):
            if found[part] is None or found[part] > SCREEN:
                faults.append(f"ends its {part} at {found[part]} px")
    return [f"{name} at {width} px: {fault}" for fault in faults]


def of_the_report(page):
    """The rows of the differential, the flags, and what ends the conclusions: all above it is on the sheet, too."""
    def words(pattern, part=page):
        return [html.unescape(text).strip() for text in re.findall(pattern, part)]
    table = page[page.index('id="differential"'):page.index("</section>", page.index('id="differential"'))]
    rows = words(r'<th scope="row">([^<]*)</th>', table) or ["counts and percentages by class are withheld"]
    ends = words(r'<p class="note">((?:What the rules give|No slide of this case)[^<]*)</p>')
    return rows + words(r'<li class="warn">.*?<b>([^<]*)</b>') + ends[:1]


def faults_on_paper(path, browser):
    browser.open(path)
    sheet = subprocess.run(["pdftotext", "-layout", "-", "-"], input=browser.first_sheet(), capture_output=True,
                           check=True).stdout.decode()
    page = path.read_text(encoding="utf-8")
    wanted = ["cannot be read"] if path.stem == "case-failed" else of_the_report(page)
    flat = " ".join(sheet.split())
    return [f"{path.stem} on paper: \"{text}\" is not on the first sheet" for text in wanted if text not in flat]


def main():
    missing = [tool for tool in ("chromium", "pdftotext") if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed (script/bootstrap)")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], str(folder)], check=True)
        (folder / "light").mkdir()
        pages = [lightened(path, folder / "light") for path in sorted(folder.glob("*.html"))]
        with Browser() as browser:
            found = measured(pages, folder, browser)
            on_paper = [fault for kind in KINDS
                        for fault in faults_on_paper(folder / "light" / f"case-{kind}.html", browser)]
        faults = [fault for one in found for fault in faults_on_screen(one)] + on_paper
        if len(found) != len(pages) * len(WIDTHS) or len(pages) < 17:
            faults.append(f"measured {len(found)} layouts of {len(pages)} pages")
    for one in found:
        if "-v" in sys.argv:
            print(one)
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()

#!/usr/bin/env python3
"""Reviews a drawn slide in a browser, by keys alone but for a drag: log in, name, take back, drag, add, split, sign and
amend; and looks at every screen, light and dark, at 1280 and 390 px.

Usage: check_station.py CYTOCAPE WRITE_DRAWN_NIGHT [SCREENSHOTS]; 77 where Chromium is absent.
"""
import base64
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "pages")]
from browser import Browser
from station_program import Program

KEYS = {"Enter": ("\r", 13), "Tab": ("", 9), " ": (" ", 32), "ArrowRight": ("", 39), "ArrowDown": ("", 40)}

# What a person without sight, mouse or good eyes would miss.
LOOK = r"""(() => {
  const faults = [];
  const seen = (node) => { const box = node.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} px wide`);
  for (const node of document.querySelectorAll("button, a, input, select, textarea")) {
    if (!seen(node) || node.closest(".leaflet-control")) continue;
    const name = node.textContent.trim() || node.getAttribute("aria-label") || (node.labels && node.labels.length) || node.title;
    if (!name) faults.push(`without a name: ${node.outerHTML.slice(0, 80)}`);
  }
  for (const node of document.querySelectorAll("img")) if (!node.hasAttribute("alt")) faults.push("picture without alt");
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const back = (node) => { for (; node; node = node.parentElement) { const c = rgb(getComputedStyle(node).backgroundColor);
    if (c.length === 3 || c[3] > 0.85) return c; } return [255, 255, 255]; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !seen(node) || node.disabled || node.closest("option, .skip, .leaflet-container, [disabled]")) continue;
    const a = light(rgb(getComputedStyle(node).color)), b = light(back(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${text.data.trim().slice(0, 40)}`);
  }
  const said = document.body.innerText.split("For Research Use Only. Not for use in diagnostic procedures.").length - 1;
  if (said < 2) faults.push("the sentence on research use is not there twice");
  if (window.violations.length) faults.push(`against the policy: ${window.violations}`);
  const far = performance.getEntriesByType("resource").filter((one) => !one.name.startsWith(location.origin) && !one.name.startsWith("data:"));
  if (far.length) faults.push(`asked another host: ${far[0].name}`);
  return faults;
})()"""


class Page:
    def __init__(self, browser, address, pictures):
        self.browser, self.address, self.pictures, self.faults = browser, address, pictures, []
        browser.call("Page.addScriptToEvaluateOnNewDocument", source="window.violations = []; document.addEventListener("
                     "'securitypolicyviolation', (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));")

    def wait(self, expression, what=None):
        """For at most 10 s; raises AssertionError naming what did not come."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                if self.browser.evaluate(f"Boolean({expression})"):
                    return
            except RuntimeError:  # the page is on its way
                pass
            time.sleep(0.03)
        raise AssertionError(f"waited in vain for: {what or expression}; the station says: "
                             f"{self.browser.evaluate('document.getElementById(`status`).textContent')}")

    def open(self, place):
        self.browser.call("Page.navigate", url=self.address + "#" + place)
        self.wait(f"document.getElementById('main').dataset.ready === '#{place}'")

    def key(self, key, modifiers=0):
        text, code = KEYS.get(key, (key, ord(key.upper()) if len(key) == 1 else 0))
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=key, modifiers=modifiers, windowsVirtualKeyCode=code,
                              **({"text": text} if text and kind == "keyDown" and not modifiers else {}))

    def type(self, text):
        self.browser.call("Input.insertText", text=text)

    def press(self, words):
        """The button of these words, by keyboard."""
        self.wait(f"[...document.querySelectorAll('button')].some((b) => b.textContent.startsWith({words!r}) && !b.disabled)",
                  f"button {words}")
        self.browser.evaluate(f"[...document.querySelectorAll('button')].find((b) => b.textContent.startsWith({words!r})).focus()")
        self.key("Enter")

    def look(self, name):
        for width, height in ((1280, 800), (390, 800)):
            self.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                              mobile=width < 500)
            for scheme in ("light", "dark"):
                self.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                time.sleep(0.05)
                self.faults += [f"{name}, {width} px, {scheme}: {fault}" for fault in self.browser.evaluate(LOOK)]
                if self.pictures:
                    data = self.browser.call("Page.captureScreenshot")["data"]
                    (self.pictures / f"{name}-{width}-{scheme}.png").write_bytes(base64.b64decode(data))
        self.browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)


def log_in(page, station):
    page.browser.call("Page.navigate", url=page.address)
    page.wait("document.activeElement.name === 'name'")
    page.look("login")
    page.type("demo")
    page.key("Tab")
    page.type(station.password)
    page.key("Enter")
    page.wait("document.querySelector('table.worklist tbody a')")
    page.look("worklist")
    page.browser.evaluate("document.querySelector('table.worklist tbody a').focus()")
    page.key("Enter")


def live(station):
    review = station.ask("/api/slide/S1/review")[0]
    return review, {row["code"]: row["count"] for row in review["live"]["rows"]}


def name_cells(page, station):
    """The slide opens with what is unidentified."""
    page.wait("document.getElementById('class-title')?.textContent === 'excluded: unidentified' && "
              "document.querySelectorAll('.tile').length === 2")
    page.wait("[...document.querySelectorAll('.tile img')].every((one) => one.complete && one.naturalWidth > 0)", "pictures")
    before = live(station)[1]["monocyte"]
    page.key("3")
    page.wait("document.querySelectorAll('.tile').length === 1", "a cell moved by key 3")
    assert live(station)[1]["monocyte"] == before + 1
    page.key("u")
    page.wait("document.querySelectorAll('.tile').length === 2", "the move taken back")
    assert live(station)[1]["monocyte"] == before
    page.key("ArrowRight", modifiers=8)
    page.wait("document.getElementById('chosen').textContent === '2 selected'", "both selected by shift and arrow")
    page.key("3")
    page.wait("document.querySelectorAll('.tile').length === 0", "both moved")
    assert live(station)[1]["monocyte"] == before + 2
    for _ in range(7):
        page.key("]")
        time.sleep(0.1)
    page.wait("document.querySelectorAll('.live tbody tr').length >= 6")


def drag(page, station):
    page.browser.evaluate("document.querySelector('[data-class=lymphocyte]').click()")
    page.wait("document.getElementById('class-title').textContent === 'lymphocyte' && document.querySelectorAll('.tile').length > 20")
    page.look("slide")
    before = live(station)[1]["blast"]
    page.browser.evaluate("""(() => {
      const data = new DataTransfer(), tile = document.querySelector('.tile');
      const row = document.querySelector('[data-class=blast]').closest('tr');
      tile.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: data }));
      row.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: data }));
      row.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    })()""")
    page.wait("document.getElementById('status').textContent.includes('moved to blast')")
    assert live(station)[1]["blast"] == before + 1


def see_anothers_decision(page, station):
    """Of somebody at another screen."""
    seq = live(station)[0]["seq"]
    station.ask("/api/slide/S1/decisions", {"kind": "remove", "cells": [120], "seen": seq})
    page.wait("document.querySelector('.review-grid .note').textContent.includes('1 removed')", "another's decision")


def add_and_split(page, station):
    page.open("/slide/S1/map")
    page.wait("document.querySelectorAll('.leaflet-tile-loaded').length > 0", "tiles")
    assert page.browser.evaluate("""['overview', 'tile'].map((name) =>
      Number(getComputedStyle(document.querySelector(`.leaflet-${name}-pane`)).zIndex)).reduce((a, b) => a < b)""")
    page.press("Add a cell at the centre")
    page.wait("document.getElementById('status').textContent.startsWith('added')")
    page.press("Next cell")
    page.wait("document.querySelector('.map-side img')")
    page.press("Mark a part")
    page.press("Mark a part")
    page.press("Split into 2")
    page.wait("document.getElementById('status').textContent.startsWith('split')")
    page.look("map")
    assert live(station)[0]["live"]["added"] == 3


def describe(page, station):
    page.open("/slide/S1/morphology")
    page.browser.evaluate("document.querySelector('.morphology select').focus()")
    page.key("ArrowDown")
    page.wait("document.getElementById('status').textContent.startsWith('anisocytosis kept')")
    page.look("morphology")
    assert live(station)[0]["morphology"] == {"anisocytosis": "none"}


def sign(page, station):
    page.open("/slide/S1/sign")
    page.wait("document.querySelector('section h2').textContent === 'Nothing is open'")
    page.look("sign")
    for words, after in (("Verify the count", "verified"), ("Sign the report", "signed")):
        page.browser.evaluate("document.querySelector('input[type=password]').focus()")
        page.type(station.password)
        page.press(words)
        page.wait(f"document.getElementById('status').textContent === '{after}'")
    page.browser.evaluate("document.querySelector('textarea').focus()")
    page.type("a blast was missed")
    page.browser.evaluate("document.querySelector('input[type=password]').focus()")
    page.type(station.password)
    page.press("Amend")
    page.wait("document.getElementById('status').textContent === 'open again'")
    review = live(station)[0]
    assert review["version"] == 2 and review["signed"] is None
    page.open("/slide/S1/audit")
    page.wait("document.querySelectorAll('table.audit tbody tr').length > 10")
    page.look("audit")


def main():
    if not shutil.which("chromium"):
        sys.exit(77)
    cytocape, write_night = sys.argv[1:3]
    pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([write_night, out], check=True)
        with Program(cytocape, out) as station, Browser() as browser:
            page = Page(browser, station.address, pictures)
            log_in(page, station)
            name_cells(page, station)
            drag(page, station)
            see_anothers_decision(page, station)
            add_and_split(page, station)
            describe(page, station)
            sign(page, station)
        verified = subprocess.run([cytocape, "review", "verify", out], capture_output=True, text=True)
    print(verified.stdout, *page.faults, sep="\n")
    sys.exit(1 if page.faults or verified.returncode else 0)


main()

#!/usr/bin/env python3
"""Reviews a drawn slide in a browser, by keys alone but for a drag: log in, name, take back, drag, add, split, sign and
amend; and looks at every screen, light and dark, at 1280 and 390 px.

Usage: check_station.py CYTOCAPE WRITE_DRAWN_NIGHT [SCREENSHOTS]; 77 where Chromium is absent.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "pages")]
from browser import Browser
from station_page import Page
from station_program import Program

def log_in(page, station):
    page.log_in("demo", station.password, look=True)
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

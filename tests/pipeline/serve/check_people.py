#!/usr/bin/env python3
"""Several people at one drawn slide in a browser: they see each other's decisions at once and lose none, two read blind to
each other, a third settles; and looks at the screens of people, light and dark, at 1280 and 390 px.

Usage: check_people.py CYTOCAPE WRITE_DRAWN_NIGHT [SCREENSHOTS]; 77 where Chromium is absent.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "pages")]
from browser import Browser
from station_page import Page, Tab
from station_program import PASSWORD, Program

PEOPLE = {"ann": "reader", "bob": "reader", "cid": "signer", "adm": "administrator"}
COUNT = "Number(document.querySelector(`[data-class='{}']`).closest('tr').querySelector('td').textContent)"


def count(page, name):
    return page.browser.evaluate(COUNT.format(name))


def open_class(page, name):
    page.open("/slide/S1")
    page.browser.evaluate(f"document.querySelector(`[data-class='{name}']`).click()")
    page.wait(f"document.querySelector('.live .current [data-class={name}]') && document.querySelectorAll('.tile').length > 5")


def decide_at_once(ann, bob):
    """In turn, each while the other's page waits for news."""
    open_class(ann, "lymphocyte")
    open_class(bob, "segmented_neutrophil")
    before = count(ann, "blast")
    taken = []
    for step in range(6):
        who, other = (ann, bob) if step % 2 == 0 else (bob, ann)
        blasts = count(other, "blast")
        begin = time.monotonic()
        who.key("4")
        other.wait(f"{COUNT.format('blast')} === {blasts + 1}", "another's decision")
        taken.append(time.monotonic() - begin)
    assert count(ann, "blast") == count(bob, "blast") == before + 6
    print(f"another's decision is seen after {1000 * sorted(taken)[3]:.0f} ms (median of 6)")


def keep_reference(ann):
    ann.key("f")
    ann.wait("document.getElementById('status').textContent.startsWith('kept as a reference cell')")
    ann.wait("document.querySelectorAll('.beside .candidate img').length > 0", "the reference cell beside the active one")
    ann.key("m")
    ann.wait("[...document.querySelectorAll('.beside figcaption')].some((one) => one.textContent.startsWith('where the model'))")
    ann.wait("[...document.querySelectorAll('.beside img')].every((one) => one.complete && one.naturalWidth > 0)", "pictures")
    ann.look("beside")


def read(page, keys):
    page.open("/slide/S1/blind")
    page.wait("document.querySelector('.reading img')?.naturalWidth > 0", "the first cell")
    assert page.browser.evaluate("!document.querySelector('.reading img').alt.includes('neutrophil')")
    for at, key in enumerate(keys):
        page.wait(f"document.querySelector('section h2').textContent === 'Cell {at + 1} of {len(keys)}'")
        page.key(key)
        page.wait(f"document.getElementById('status').textContent.startsWith('cell {at + 1}:')")
    page.look("reading")
    page.press("Finish")
    page.wait("document.getElementById('status').textContent === 'finished'")


def read_blind(ann, bob, cid):
    cid.open("/slide/S1/blind")
    cid.browser.evaluate("document.querySelector('input[name=cells]').value = 10")
    cid.look("blind-begin")
    cid.press("Start")
    cid.wait("document.getElementById('status').textContent === 'the reading has begun'")
    read(ann, "1111122222")
    ann.wait("document.querySelector('section').innerText.includes('ann has finished')")
    assert "Result" not in ann.browser.evaluate("document.querySelector('section').innerText")
    read(bob, "1111122223")
    for page in (ann, bob, cid):
        page.wait("document.querySelector('.differences tbody tr')", "the result, without asking for it")
    assert ann.browser.evaluate("document.querySelector('.differences select').disabled"), "one of the two"
    cid.browser.evaluate("(() => { const box = document.querySelector('.differences select'); box.focus(); })()")
    cid.key("ArrowDown")
    cid.wait("document.getElementById('status').textContent.includes('settled')")
    cid.look("blind-result")
    ann.wait("document.querySelector('.differences select').value !== ''", "that it was settled")


def describe(ann, bob):
    """A marrow's dysplasia as two numbers; another's entry comes in."""
    for page in (ann, bob):
        page.open("/slide/S1/morphology")
    for words, value in (("dysplastic granulocytic cells: dysplastic", "12"), ("dysplastic granulocytic cells: looked at", "100")):
        ann.browser.evaluate(f"document.querySelector(`[aria-label='{words}']`).focus()")
        ann.type(value)
        ann.key("Tab")
    ann.wait("document.getElementById('status').textContent.startsWith('dysplastic granulocytic cells kept')")
    bob.wait("document.querySelector(`[aria-label='dysplastic granulocytic cells: dysplastic']`).value === '12'", "another's entry")
    ann.look("morphology-counted")


def see_the_rest(cid, adm):
    cid.open("/agreement")
    cid.wait("document.querySelectorAll('.agreement-plot circle').length > 0 && document.querySelector('table.agreement tbody tr')")
    cid.look("agreement")
    adm.open("/accounts")
    adm.browser.evaluate("document.querySelector('form input[name=name]').focus()")
    adm.type("eve")
    adm.browser.evaluate("document.querySelector('form input[name=password]').focus()")
    adm.type("another long password")
    adm.press("Keep")
    adm.wait("document.getElementById('status').textContent === 'kept' && document.querySelector('main').innerText.includes('eve')")
    adm.look("accounts")
    adm.open("/slide/S1")
    assert adm.browser.evaluate("[...document.querySelectorAll('.tools button')].filter((b) => b.textContent.startsWith('Confirm')).every((b) => b.disabled)")


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
        with Program(cytocape, out, PEOPLE) as station, Browser() as browser:
            pages = [Page(Tab(browser), station.address, pictures) for _ in PEOPLE]
            for page, name in zip(pages, PEOPLE):
                page.log_in(name, PASSWORD)
            ann, bob, cid, adm = pages
            decide_at_once(ann, bob)
            keep_reference(ann)
            read_blind(ann, bob, cid)
            describe(ann, bob)
            see_the_rest(cid, adm)
        verified = subprocess.run([cytocape, "review", "verify", out], capture_output=True, text=True)
    faults = [fault for page in pages for fault in page.faults]
    print(verified.stdout, verified.stderr, *faults, sep="\n")
    sys.exit(1 if faults or verified.returncode else 0)


main()

#!/usr/bin/env python3
"""Reads pages as a browser and a screen reader would.

Usage: check_report_html.py WRITE_EXAMPLE_PAGES; prints each fault and exits 1 when there is one.
Checked: elements close in order, ids are unique, every reference within the page has its target,
pictures have a text, header cells a scope, forms a label, headings skip no level, nothing is
fetched and nothing is a script. The first stop of the keyboard is the link that skips to the
differential, the others follow the page's order, tables stand in a part that has a heading, and
figures have a caption.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
INSIDE = {"legend": {"fieldset"}, "summary": {"details"}, "figcaption": {"figure"}, "li": {"ul", "ol"},
          "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "symbol": {"defs"}}
BLOCKS = {"p", "div", "ul", "ol", "table", "section", "details", "figure", "fieldset", "h2", "h3", "h4"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.wanted = [], [], [], []
        self.labelled, self.inputs, self.level = set(), [], 0
        self.stops, self.captioned = [], []

    def fault(self, text):
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attrs):
        self.element(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.element(tag, dict(attrs))

    def element(self, tag, attrs):
        parent = self.open[-1] if self.open else ""
        if parent not in INSIDE.get(tag, {parent}):
            self.fault(f"<{tag}> in <{parent}>")
        if "p" in self.open and tag in BLOCKS:
            self.fault(f"<{tag}> in <p>")
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.wanted += attrs.get("aria-labelledby", "").split()
        self.order(tag, attrs)
        self.references(tag, attrs)
        self.texts(tag, attrs)
        if re.fullmatch("h[1-6]", tag):
            if int(tag[1]) > self.level + 1:
                self.fault(f"<{tag}> after a heading of level {self.level}")
            self.level = int(tag[1])

    def order(self, tag, attrs):
        if int(attrs.get("tabindex", "0")) > 0:
            self.fault(f"<{tag}> is a stop of the keyboard out of the page's order")
        if tag in ("a", "input", "summary") or "tabindex" in attrs:
            self.stops.append((tag, attrs.get("href")))
        if tag == "table" and not {"section", "details", "header"} & set(self.open):
            self.fault("<table> in no part that has a heading")
        if tag == "figure":
            self.captioned.append(False)
        if tag == "figcaption":
            self.captioned[-1] = True

    def references(self, tag, attrs):
        if tag == "label":
            self.labelled.add(attrs.get("for"))
        if tag == "input":
            self.inputs.append(attrs.get("id"))
        for key in ("href", "src", "xlink:href"):
            value = attrs.get(key, "")
            if value.startswith("#"):
                self.wanted.append(value[1:])
            elif value and not value.startswith("data:image/"):
                self.fault(f"<{tag}> fetches {value[:80]}")
        if tag == "script" or any(key.startswith("on") for key in attrs):
            self.fault(f"<{tag}> is a script")

    def texts(self, tag, attrs):
        if tag == "img" and "alt" not in attrs:
            self.fault("<img> without alt")
        if attrs.get("role") == "img" and not attrs.get("aria-label"):
            self.fault(f"<{tag} role=img> without a label")
        if tag == "svg" and "role" not in attrs and attrs.get("aria-hidden") != "true":
            if "aria-hidden" not in self.hidden():
                self.fault("<svg> that is neither a picture nor hidden")
        if tag == "th" and "scope" not in attrs:
            self.fault("<th> without scope")

    def hidden(self):
        return {"aria-hidden"} if "figure" in self.open else set()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> closes {self.open[-3:]}")
            return
        self.open.pop()
        if tag == "figure" and not self.captioned.pop():
            self.fault("<figure> without a caption")

    def finish(self):
        self.close()
        if self.open:
            self.fault(f"left open: {self.open}")
        if "differential" in self.ids and self.stops[0] != ("a", "#differential"):
            self.fault(f"the first stop of the keyboard is {self.stops[0]}")
        for name in sorted({i for i in self.ids if self.ids.count(i) > 1}):
            self.fault(f"id {name} stands twice")
        for name in sorted(set(self.wanted) - set(self.ids)):
            self.fault(f"nothing has the id {name}")
        for name in self.inputs:
            if name not in self.labelled:
                self.fault(f"input {name} has no label")
        return self.faults


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        pages = sorted(pathlib.Path(folder).glob("*.html"))
        failed = len(pages) < 7
        for path in pages:
            page = Page()
            page.feed(path.read_text(encoding="utf-8"))
            for fault in page.finish():
                print(f"{path.name}: {fault}")
                failed = True
    sys.exit(1 if failed else 0)


main()

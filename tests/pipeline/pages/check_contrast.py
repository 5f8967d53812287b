#!/usr/bin/env python3
"""Measures the contrast of every page's own colours, in light, in dark and on paper (WCAG 2.2, 1.4.3 and 1.4.11).

Usage: check_contrast.py SOURCES; prints each pair that falls short and exits 1 when there is one.
"""
import pathlib
import re
import sys

TEXT, SHAPE = 4.5, 3.0
# What is written, or drawn, on what.
EVERY_PAGE = [("ink", "card", TEXT), ("ink", "page", TEXT), ("ink", "track", TEXT), ("soft", "card", TEXT),
              ("soft", "page", TEXT), ("soft", "track", TEXT), ("ink", "warn-back", TEXT), ("soft", "warn-back", TEXT),
              ("ink", "bad-back", TEXT), ("ok", "ok-back", TEXT), ("warn", "warn-back", TEXT),
              ("bad", "bad-back", TEXT), ("ok", "card", TEXT), ("warn", "card", TEXT), ("bad", "card", TEXT)]
PAGES = {
    "pipeline/pages/report/page.css": [("met", "card", TEXT), ("met", "page", TEXT), ("not-met", "card", TEXT),
                                       ("open", "card", TEXT), ("unknown", "card", TEXT), ("interval", "track", SHAPE),
                                       ("interval", "card", SHAPE), ("whisker", "interval", SHAPE),
                                       ("whisker", "track", SHAPE)],
    "pipeline/explain/explanation.html": [("nucleus", "track", SHAPE), ("cytoplasm", "track", SHAPE),
                                          ("outside", "track", SHAPE)],
    "pipeline/evaluation/evaluation.html": [],
    "pipeline/pages/plot_style.cpp": [("plot-bar", "track", SHAPE), ("whisker", "plot-bar", SHAPE)] +
                                     [(f"plot-{i}", "card", SHAPE) for i in range(6)],
}
HEX = re.compile(r"--([\w-]+):\s*#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def blocks(css):
    """Pairs of a medium and the rules under it; rules of no medium are ""."""
    at, plain = 0, ""
    for media in re.finditer(r"@media ([^{]*)\{", css):
        if media.start() < at:
            continue
        depth, end = 1, media.end()
        while depth > 0:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        plain += css[at:media.start()]
        yield media.group(1).strip(), css[media.end():end - 1]
        at = end
    yield "", plain + css[at:]


def colours(css):
    """By the way in which a page is seen."""
    seen = {"light": {}, "dark": {}, "paper": {}}
    for medium, rules in sorted(blocks(css), key=lambda block: block[0] != ""):
        own = {name: value for root in re.findall(r":root\s*\{([^}]*)\}", rules) for name, value in HEX.findall(root)}
        for way in seen:
            if not medium or ("dark" in medium and way == "dark") or (medium == "print" and way == "paper"):
                seen[way].update(own)
    return seen


def luminance(value):
    value = "".join(c * 2 for c in value) if len(value) == 3 else value
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in (int(value[i:i + 2], 16) / 255 for i in (0, 2, 4))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def main():
    sources = pathlib.Path(sys.argv[1])
    shared = (sources / "pipeline/pages/page.css").read_text(encoding="utf-8")
    faults = []
    for name, own in PAGES.items():
        for way, known in colours(shared + (sources / name).read_text(encoding="utf-8")).items():
            for fore, back, least in EVERY_PAGE + own:
                found = contrast(known[fore], known[back])
                if found < least:
                    faults.append(f"{name}, {way}: --{fore} on --{back} has a contrast of {found:.2f}, {least} at least")
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()

#!/usr/bin/env python3
"""Ratios of processor seconds for the same tiles of a slide's level 0: cytocape's own reader of tiled
TIFF against libjpeg-turbo alone in memory, OpenSlide, and tifffile with imagecodecs where these are
installed. One thread; all ways run in turn in each round, so that a busy machine is busy for all.

Usage: bench_readers.py BENCHMARK SLIDE [ROUNDS [ROWS]]
"""
import itertools
import statistics
import subprocess
import sys
import time


def ours(benchmark, slide, rows):
    out = subprocess.run([benchmark, slide, str(rows)], check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in out.splitlines()]
    return {way: float(value) for way, value, _ in lines}


def tifffile_round(slide, tiles):
    import tifffile

    begin = time.process_time()
    with tifffile.TiffFile(slide) as file:
        for data, _, _ in itertools.islice(file.pages[0].segments(maxworkers=1), tiles):
            data[0, ::16, ::16].sum()
    return time.process_time() - begin


def main():
    benchmark, slide = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    rows = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    try:
        import imagecodecs
        import tifffile

        peer = f"tifffile {tifffile.__version__} + imagecodecs {imagecodecs.__version__}"
    except ImportError:
        peer = None
    found = []
    for _ in range(rounds):
        one = ours(benchmark, slide, rows)
        if peer:
            one["tifffile"] = tifffile_round(slide, int(one["tiles"]))
        found.append(one)

    print(f"{slide}, {int(found[0]['tiles'])} tiles, {rounds} rounds, processor seconds of one thread")
    print(f"{'ratio':58} {'min':>6} {'median':>6} {'max':>6}")

    def row(name, over, under):
        ratios = [one[over] / one[under] for one in found]
        print(f"{name:58} {min(ratios):6.2f} {statistics.median(ratios):6.2f} {max(ratios):6.2f}")

    row("libjpeg-turbo alone / direct (wanted: >= 0.9)", "bare", "direct")
    row("OpenSlide / direct (wanted: >= 1)", "openslide", "direct")
    if peer:
        row(f"{peer} / direct (wanted: >= 1)", "tifffile", "direct")
    else:
        print("tifffile and imagecodecs are not installed: not compared")
    for by in (2, 4, 8):
        row(f"direct / direct at 1/{by}", "direct", f"shrunk_{by}")
    row("locate pass, decoded in full / at 1/4 (wanted: >= 3)", "locate_full", "locate")
    row("locate pass, OpenSlide / at 1/4", "locate_openslide", "locate")


if __name__ == "__main__":
    main()

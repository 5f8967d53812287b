#!/usr/bin/env python3
"""What a night costs beside its slides, as ratios measured in one go (docs/performance.md).

Usage: bench_runs.py PROGRAM FOLDER: FOLDER takes drawn slides and reports, and is kept for the next time.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import h5py

PROGRAM, PLACE = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
RUN = ["--model", "demo", "--specimen", "pb", "--device", "cpu", "--quiet",
       "--set", "counting.min_leukocytes_pb=1"]
FINISHED = 1000
FILE_CLOCK = 6_437_664_000  # seconds from 1970 to the epoch of std::filesystem's clock in libstdc++


def spent(command):
    """Seconds by the clock, processor seconds, and peak memory in MiB of the command and what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen([PROGRAM, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{command}: {said.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, processor, usage.ru_maxrss / 1024


def drawn(name, count):
    folder = PLACE / name
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        slide = folder / f"s{i:03}.tiff"
        if not slide.exists():
            subprocess.run([PROGRAM, "phantom", "--out", slide, "--size", "900x700", "--white-cells", "6",
                            "--seed", str(i), "--quiet"], check=True)
    return sorted(folder.glob("*.tiff"))


def fresh(name):
    out = PLACE / name
    shutil.rmtree(out, ignore_errors=True)
    return out


def one_run_or_many(slides):
    together = spent(["analyze", *slides, *RUN, "--out", fresh("together")])
    apart = [spent(["analyze", slide, *RUN, "--out", fresh(f"apart/{slide.stem}")]) for slide in slides]
    for what, at in (("clock", 0), ("processor", 1)):
        sums = sum(one[at] for one in apart)
        print(f"{len(slides)} slides in one run / in {len(slides)} runs, {what}: "
              f"{together[at]:.1f} s / {sums:.1f} s = {together[at] / sums:.2f}  (wanted <= 0.70)")


def memory(slides):
    few = spent(["analyze", *slides[:5], *RUN, "--out", fresh("few")])[2]
    many = spent(["analyze", *slides, *RUN, "--out", fresh("many")])[2]
    print(f"peak memory of {len(slides)} slides / of 5: {many:.0f} MiB / {few:.0f} MiB = {many / few:.2f}"
          "  (wanted <= 1.10)")


def finished(slide):
    """Reports of links to one slide, as if each had been analysed, and the journal of that run."""
    night, out = PLACE / "night", fresh("finished")
    shutil.rmtree(night, ignore_errors=True)
    night.mkdir()
    made = fresh("model-report")
    table = PLACE / "one.csv"
    table.write_text(f"slide,id,case\n{slide},s,C-1\n")
    spent(["analyze", "--manifest", table, *RUN, "--out", made])
    lines, rows = [], ["slide,id,case"]
    for i in range(FINISHED):
        link, name = night / f"n{i:04}.tiff", f"n{i:04}"
        shutil.copyfile(slide, link)
        shutil.copytree(made / "s", out / name)
        with h5py.File(out / name / "report.h5", "r+") as record:
            record["slide"].attrs["path"], record["slide"].attrs["id"] = str(link), name
            content = record["slide"].attrs["sha256"]
        state = link.stat()
        lines.append(json.dumps({"event": "ended", "time": "2026-01-01T00:00:00Z", "id": name, "slide": str(link),
                                 "place": str(link), "content": content,
                                 "files": f"{state.st_size}@{state.st_mtime_ns - FILE_CLOCK * 10**9}"}))
        rows.append(f"{link},{name},C-1")
    (out / "journal").mkdir()
    (out / "journal/20260101T000000Z-bench-1.jsonl").write_text("\n".join(lines) + "\n")
    table = PLACE / "night.csv"
    table.write_text("\n".join(rows) + "\n")
    return table, out


def run_again(slide):
    table, out = finished(slide)
    command = ["analyze", "--manifest", table, *RUN, "--out", out]
    first = spent(command)  # makes the tables of the folder
    again = spent(command)
    print(f"a run over {FINISHED} finished slides: {first[0]:.1f} s, of which {first[1]:.1f} s processor; "
          f"the next: {again[0]:.1f} s, {again[1]:.1f} s processor  (wanted < 10 s)")


if __name__ == "__main__":
    SLIDES = drawn("slides", 200)
    run_again(SLIDES[0])
    one_run_or_many(SLIDES[:20])
    memory(SLIDES)

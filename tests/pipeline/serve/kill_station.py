#!/usr/bin/env python3
"""Kills the station (SIGKILL) at random moments of a review and looks for every decision that it had acknowledged.

Usage: kill_station.py CYTOCAPE WRITE_DRAWN_NIGHT [KILLS]; exits 1 where one is lost or the chain is broken.
"""
import http.client
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from station_program import Program


def review_until_killed(station, acknowledged, seed):
    """Decides as fast as it can; the kill comes from another thread."""
    drawn = random.Random(seed)
    timer = threading.Timer(drawn.uniform(0.02, 0.25), station.process.kill)
    timer.start()
    seen = 0
    try:
        while True:
            cell, to = drawn.randrange(200), drawn.choice(["blast", "monocyte", "lymphocyte"])
            answer, _ = station.ask("/api/slide/S1/decisions",
                                    {"kind": "reclassify", "cells": [cell], "to": to, "seen": seen})
            seen = answer["seq"]
            acknowledged.append((answer["row"], cell, to))
    except (OSError, http.client.HTTPException):
        pass
    timer.join()
    station.process.wait(timeout=20)
    station.process.stdout.close()


def main():
    cytocape, write_night = sys.argv[1:3]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([write_night, out], check=True)
        acknowledged = []
        for seed in range(kills):
            review_until_killed(Program(cytocape, out), acknowledged, seed)
        with Program(cytocape, out) as station:
            rows = {row["seq"]: row for row in station.ask("/api/slide/S1/audit")[0]["rows"]}
        lost = [one for one in acknowledged
                if one[0] not in rows or rows[one[0]]["body"].get("cells") != [one[1]] or rows[one[0]]["body"]["to"] != one[2]]
        checked = subprocess.run([cytocape, "review", "verify", out, "--json"], capture_output=True, text=True)
        whole = checked.returncode == 0 and json.loads(checked.stdout)["whole"]
    print(f"{kills} kills, {len(acknowledged)} decisions acknowledged, {len(rows)} rows, {len(lost)} lost, "
          f"chain {'whole' if whole else 'broken'}")
    sys.exit(1 if lost or not whole or not acknowledged else 0)


main()

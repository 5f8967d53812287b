"""The workflow of configs/cluster on a real Slurm: a node dies, Snakemake is killed and started again while its jobs
run, a slide is damaged and mended, and the tables are those of one process.

Usage: slurm_test.py CYTOCAPE SOURCES. Skipped (77) where Slurm, Snakemake with its plugin, or root's rights are absent.
SNAKEMAKE names the snakemake program, SLIDES their number (12), KEEP a folder to work in that stays.
"""

import csv
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from private_slurm import Slurm, kill, with_descendants

SHARDS = 4
TIMES = {"started_utc", "finished_utc", "seconds"}
# A slide that has no report, or a report that is none, would be among these; six cells may be too few or too strange.
GOOD = {"ok", "insufficient"}


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def snakemake_program():
    program = shutil.which(os.environ.get("SNAKEMAKE", "snakemake"))
    if not program:
        skip("snakemake is absent: install snakemake and snakemake-executor-plugin-cluster-generic, and name it in SNAKEMAKE")
    python = pathlib.Path(program).with_name("python3")
    asked = subprocess.run([python, "-c", "import snakemake_executor_plugin_cluster_generic"], capture_output=True)
    if asked.returncode != 0:
        skip(f"{program} has no executor cluster-generic: install snakemake-executor-plugin-cluster-generic")
    return program


def draw(cytocape, folder):
    rows = ["slide,id,case"]
    for i in range(int(os.environ.get("SLIDES", "12"))):
        slide = folder / f"s{i}.tiff"
        subprocess.run(
            [cytocape, "phantom", "--out", slide, "--size", "900x700", "--mpp", "0.25", "--white-cells", "6",
             "--seed", str(20 + i), "--json"], check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        rows.append(f"{slide.name},S-{i:02},C-{i // 2}")
    (folder / "night.csv").write_text("\n".join(rows) + "\n")


def table_of(folder):
    with open(folder / "cohort.csv", newline="") as file:
        return [{key: value for key, value in row.items() if key not in TIMES} for row in csv.DictReader(file)]


def expect_same(one, other, name):
    assert table_of(one) == table_of(other), f"{name}: cohort.csv is another than that of one process"
    cells = [gzip.open(folder / "cells.csv.gz", "rb").read() for folder in (one, other)]
    assert cells[0] == cells[1], f"{name}: cells.csv.gz is another than that of one process"
    assert {row["status"] for row in table_of(other)} <= GOOD, name


class Workflow:
    def __init__(self, slurm, cytocape, sources, folder, name):
        self.slurm, self.folder, self.out = slurm, folder, folder / name
        self.start_program = sources / "configs/cluster/start"
        self.config = folder / f"{name}.json"
        self.config.write_text(json.dumps({
            "cytocape": str(cytocape), "manifest": "night.csv", "out": name, "model": "demo", "labs": "",
            "options": "--set counting.min_leukocytes_pb=1", "shards": SHARDS, "threads": 1, "mem_mb": 1000,
            "runtime_min": 20, "gpus": 0, "sbatch": "",
        }))  # fmt: skip
        self.log = open(folder / f"{name}.log", "a")
        self.process = None

    def start(self):
        words = [self.start_program, "--configfile", self.config, "--seconds-between-status-checks", "1"]
        self.process = subprocess.Popen(
            words, cwd=self.folder, env=self.slurm.environment, stdout=self.log, stderr=self.log
        )

    def said(self):
        return (self.folder / f"{self.out.name}.log").read_text()

    def wait(self, fails=False):
        code = self.process.wait(timeout=900)
        assert (code != 0) == fails, f"snakemake ended with {code}:\n{self.said()[-6000:]}"

    def kill(self):
        for pid in with_descendants([self.process.pid]):
            kill(pid, signal.SIGKILL)
        self.process.wait()

    def begun(self):
        """A shard that is in the middle of its slides, and its node."""
        for _ in range(1200):
            for shard in range(1, SHARDS + 1):
                reports = list((self.out / f"shards/{shard}").glob("*/report.h5"))
                node = self.slurm.node_of(self.job_name(shard))
                if reports and node and not (self.out / f"shards/{shard}.exit").exists():
                    return shard, node
            assert self.process.poll() is None, self.said()[-6000:]
            time.sleep(0.05)
        raise AssertionError("no shard is at work")

    def job_name(self, shard):
        return f"cytocape-{hashlib.sha256(os.path.realpath(self.out).encode()).hexdigest()[:8]}-{shard}"

    def starts_of(self, shard):
        return len(list((self.out / f"shards/{shard}/journal").glob("*.jsonl")))

    def twice_at_once(self):
        """Slides that two attempts had begun at a time: each journal's slides end before the next one's begin."""
        for shard in range(1, SHARDS + 1):
            spans = []
            for journal in sorted((self.out / f"shards/{shard}/journal").glob("*.jsonl")):
                times = [json.loads(line)["time"] for line in journal.read_text().splitlines()]
                spans.append((times[0], times[-1]))
            for before, after in zip(spans, spans[1:]):
                if after[0] < before[1]:
                    return shard
        return None


def node_dies(workflow):
    workflow.start()
    shard, node = workflow.begun()
    workflow.slurm.kill_node(node)
    print(f"{node} died with shard {shard}", flush=True)
    time.sleep(12)
    workflow.slurm.start_node(node)
    workflow.wait()
    assert workflow.starts_of(shard) > 1, "the shard whose node died was not started again"


def snakemake_dies(workflow):
    workflow.start()
    shard, _ = workflow.begun()
    workflow.kill()
    running = workflow.slurm.node_of(workflow.job_name(shard))
    print(f"snakemake was killed; shard {shard} {'runs on' if running else 'has just ended'}", flush=True)
    workflow.start()
    workflow.wait()
    assert workflow.twice_at_once() is None, f"shard {workflow.twice_at_once()} ran twice at a time"


def slide_fails(workflow):
    slide = workflow.folder / "s3.tiff"
    whole = slide.read_bytes()
    slide.write_bytes(whole[:2000])
    workflow.start()
    workflow.wait(fails=True)
    states = {row["slide"]: row["status"] for row in table_of(workflow.out / "tables")}
    assert states.pop("S-03") == "failed" and set(states.values()) <= GOOD, states
    assert "1 shard(s) have slides that failed" in workflow.said()
    slide.write_bytes(whole)
    print("a damaged slide: the others have their results, and the workflow an error", flush=True)
    workflow.start()
    workflow.wait()


def asks_for_gpus(workflow):
    config = json.loads(workflow.config.read_text()) | {"gpus": 2, "sbatch": "--partition=night"}
    (workflow.folder / "gpus.json").write_text(json.dumps(config))
    words = [workflow.start_program, "--configfile", workflow.folder / "gpus.json", "-n", "-p", "--forceall"]
    plan = subprocess.run(words, cwd=workflow.folder, env=workflow.slurm.environment, capture_output=True, text=True)
    said = plan.stdout + plan.stderr
    assert said.count("--device cuda") == SHARDS and "sbatch=--gres=gpu:2 --partition=night" in said, said


def check(cytocape, sources, folder):
    draw(cytocape, folder)
    done = subprocess.run(
        [cytocape, "analyze", "--manifest", "night.csv", "--model", "demo", "--threads", "1", "--device", "cpu",
         "--set", "counting.min_leukocytes_pb=1", "--out", "single"], cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in (0, 3), done.stderr
    slurm = Slurm(folder / "slurm")
    try:
        slurm.start()
        for name, scenario in (("node", node_dies), ("snakemake", snakemake_dies), ("slide", slide_fails)):
            workflow = Workflow(slurm, cytocape, sources, folder, name)
            scenario(workflow)
            expect_same(folder / "single", workflow.out / "tables", name)
            print(f"{name}: tables as of one process", flush=True)
        asks_for_gpus(workflow)
    finally:
        slurm.stop()


def main():
    for program in ("slurmctld", "slurmd", "sbatch", "munged"):
        if not shutil.which(program):
            skip(f"{program} is absent: install slurm-wlm and munge")
    if os.geteuid() != 0:
        skip("Slurm's daemons need root's rights here")
    os.environ["SNAKEMAKE"] = snakemake_program()
    cytocape, sources = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    if os.environ.get("KEEP"):
        folder = pathlib.Path(os.environ["KEEP"]).resolve()
        folder.mkdir(parents=True)
        check(cytocape, sources, folder)
    else:
        with tempfile.TemporaryDirectory(prefix="cytocape-slurm-") as name:
            check(cytocape, sources, pathlib.Path(name))


if __name__ == "__main__":
    main()

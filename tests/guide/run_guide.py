#!/usr/bin/env python3
"""Runs what the pages of docs/guide tell the reader to run: blocks fenced as sh and python, in the order of a page, in
an empty folder of its own. "# exit code 3" behind a command is the status that it ends with, "4 or 5" one of these. Python finds
the modules of script/.

Usage: run_guide.py CYTOCAPE PAGE; prints the command that ended otherwise and exits 1; blocks that need a program or a
module that is not there are named and passed over.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def blocks_of(page):
    return re.findall(r"^```(sh|python|r)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def commands_of(block):
    """Its commands, each with the exit codes that it may have; text for a command's input belongs to it."""
    commands, lines = [], block.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.strip():
            continue
        told = re.search(r"# exit code (\d+(?: or \d+)*)$", line)
        text = [line]
        if ending := re.search(r"<<'(\w+)'", line):
            while lines and text[-1] != ending.group(1):
                text.append(lines.pop(0))
        commands.append(("\n".join(text), {int(code) for code in told.group(1).split(" or ")} if told else {0}))
    return commands


def run(command, folder, environment):
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def lacking(kind, block, environment):
    if kind == "r":
        return None if shutil.which("Rscript") else "Rscript"
    modules = re.findall(r"^import (\w+)", block, re.M) if kind == "python" else []
    for module in modules:
        if subprocess.run([sys.executable, "-c", f"import {module}"], env=environment, capture_output=True).returncode:
            return f"Python's {module}"
    return None


def faults_of(kind, block, folder, environment):
    if missing := lacking(kind, block, environment):
        print(f"passed over, without {missing}: {block.splitlines()[0]} ..")
        return []
    if kind == "sh":
        for command, codes in commands_of(block):
            ended = run(["bash", "-c", command], folder, environment)
            if ended.returncode not in codes:
                return [f"exit code {ended.returncode}: {command}\n{ended.stdout}{ended.stderr}"]
        return []
    program = ["Rscript", "-e", block] if kind == "r" else [sys.executable, "-c", block]
    ended = run(program, folder, environment)
    return [f"exit code {ended.returncode}: {block}\n{ended.stderr}"] if ended.returncode else []


def main():
    program, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    scripts = pathlib.Path(__file__).resolve().parents[2] / "script"
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(scripts)}
    blocks = blocks_of(page)
    with tempfile.TemporaryDirectory() as folder:
        faults = [fault for kind, block in blocks for fault in faults_of(kind, block, folder, environment)]
    if not blocks:
        faults = ["holds no command"]
    for fault in faults:
        print(f"{page}: {fault}")
    sys.exit(1 if faults else 0)


main()

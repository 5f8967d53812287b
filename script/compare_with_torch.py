#!/usr/bin/env python3
"""Training and inference against plain PyTorch on this machine, in turn, as ratios of images a second.

    script/compare_with_torch.py BENCHMARK MODEL [PYTHON]

BENCHMARK is the built cytocape_throughput_benchmark, MODEL a model file, PYTHON an interpreter that
has torch. script/bench runs it.
"""
import os
import statistics
import subprocess
import sys

ROUNDS = 3
THREADS = str(os.cpu_count())
PEER = os.path.join(os.path.dirname(__file__), "..", "tests", "models", "torch_peer.py")


def images_per_second(command):
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(title, ours, theirs):
    ratios = []
    for _ in range(ROUNDS):
        own = images_per_second(ours)
        peer = images_per_second(theirs)
        ratios.append(own / peer)
    print(f"{title}: {statistics.median(ratios):.2f} (of {', '.join(f'{r:.2f}' for r in sorted(ratios))}; "
          f"last {own:.0f} against {peer:.0f} images a second)", flush=True)


def main():
    benchmark, model = sys.argv[1:3]
    python = sys.argv[3] if len(sys.argv) > 3 else sys.executable
    version = subprocess.run([python, "-c", "import torch; print(torch.__version__)"],
                             check=True, capture_output=True, text=True).stdout.strip()
    print(f"against PyTorch {version}, float32, channels_last, {THREADS} threads both:")
    inspected = subprocess.run([benchmark, "input", model], check=True, capture_output=True, text=True)
    px = inspected.stdout.strip()
    for precision in ("float32", "bfloat16"):
        compare(f"training in {precision}", [benchmark, "train", precision, THREADS],
                [python, PEER, "train", THREADS])
    for precision in ("float32", "bfloat16"):
        compare(f"inference in {precision}", [benchmark, "classify", precision, THREADS, model],
                [python, PEER, "classify", THREADS, px])


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Prints a report's counts beside a phantom's truth: compare_with_truth.py REPORT.json TRUTH.json"""
import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        truth = json.load(file)["counts"]
    found = {row["name"]: row for row in report["differential"]["classes"]}
    counted = [name for name, row in found.items() if row["in_denominator"]]
    total_true = sum(truth.get(name, 0) for name in counted)
    total_found = sum(found[name]["count"] for name in counted)
    print(f"{'class':<22}{'true':>6}{'found':>7}{'true %':>9}{'found %':>9}")
    for name in sorted(set(found) | set(truth)):
        true = truth.get(name, 0)
        row = found.get(name)
        text = f"{name:<22}{true:>6}{row['count'] if row else '-':>7}"
        if name in counted and total_true and total_found:
            text += f"{100 * true / total_true:>9.1f}{100 * row['count'] / total_found:>9.1f}"
        else:
            text += "   outside the count" if row else "   not a class of this model"
        print(text)
    print(f"{'counted':<22}{total_true:>6}{total_found:>7}")


if __name__ == "__main__":
    main()

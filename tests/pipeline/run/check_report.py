"""Runs the program on a drawn smear and holds its report against the published JSON Schema, and the
three forms of the report against each other. Usage: check_report.py PROGRAM SCHEMA. Exits 77 where
jsonschema or h5py is missing."""

import html
import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import h5py
    import jsonschema
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

PROGRAM, SCHEMA = sys.argv.pop(1), sys.argv.pop(1)
LABS = """case,item,value,unit,gene,date,source
C-1,wbc,14.2,10*9/L,,2024-03-01,LIS
C-1,persistence,yes,,,2024-03-01,chart
C-1,mutation,38,%,TET2,2024-03-05,NGS panel
"""
MANIFEST = "slide,case\nsmear.tiff,C-1\n"


def run(*arguments, accepted=(0, 3)):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in accepted:
        raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr}")


def absent_as_none(values):
    return [None if math.isnan(value) else float(value) for value in values]


def texts(dataset):
    return [text.decode() for text in dataset[:]]


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = Path(cls.folder.name)
        (root / "labs.csv").write_text(LABS)
        (root / "slides.csv").write_text(MANIFEST)
        run("phantom", "--out", root / "smear.tiff", "--size", "2600x1900", "--mpp", "0.25", "--white-cells", 60,
            "--seed", 11)
        run("analyze", "--manifest", root / "slides.csv", "--labs", root / "labs.csv", "--model", "demo",
            "--specimen", "pb", "--out", root / "out", "--set", "counting.min_leukocytes_pb=20", "--quiet",
            "--set", "reference.pb.source=\"a textbook\"", "--set", "reference.pb.monocyte=[2, 10]")
        run("report", root / "out/smear", "--out", root / "cases")
        (root / "cut.tiff").write_bytes((root / "smear.tiff").read_bytes()[:5000])
        run("analyze", root / "cut.tiff", "--model", "demo", "--specimen", "pb", "--out", root / "out", "--quiet",
            accepted=(5,))
        cls.failed = json.loads((root / "out/cut/report.json").read_text())
        cls.schema = json.loads(Path(SCHEMA).read_text())
        page = html.unescape((root / "out/smear/report.html").read_text())
        # As the page sets it: with spaces that do not break, real powers, times signs and micrometres.
        page = page.replace("\u00a0", " ").replace("10\u2079", "10^9")
        cls.page = page.replace("\u00d7 ", "x ").replace("\u00b5m", "um")
        cls.json = json.loads((root / "out/smear/report.json").read_text())
        cls.case = json.loads((root / "cases/C-1/report.json").read_text())
        cls.record = h5py.File(root / "out/smear/report.h5", "r")

    @classmethod
    def tearDownClass(cls):
        cls.record.close()
        cls.folder.cleanup()

    def validate(self, value):
        jsonschema.Draft202012Validator.check_schema(self.schema)
        kind = "slide_report" if value["schema"] == "cytocape-report" else "case_report"
        # Of the one definition, so that an error names its place and not both alternatives.
        schema = {"$ref": f"#/$defs/{kind}", "$defs": self.schema["$defs"]}
        jsonschema.Draft202012Validator(schema).validate(value)
        jsonschema.Draft202012Validator(self.schema).validate(value)

    def test_reports_follow_the_schema(self):
        self.validate(self.json)
        self.validate(self.case)
        self.validate(self.failed)

    def test_the_schema_refuses_a_key_too_many_and_one_too_few(self):
        more = dict(self.json, guess=1)
        less = {key: value for key, value in self.json.items() if key != "research_use"}
        for wrong in (more, less):
            with self.assertRaises(jsonschema.ValidationError):
                self.validate(wrong)

    def test_the_schema_refuses_numbers_of_a_slide_that_failed(self):
        self.assertEqual(self.failed["status"], "failed")
        for part, key, value in (("cells", "located", 0), ("blocks", "planned", 0), ("differential", "denominator", 0),
                                 ("differential", "classes", self.json["differential"]["classes"])):
            wrong = dict(self.failed, **{part: dict(self.failed[part], **{key: value})})
            with self.assertRaises(jsonschema.ValidationError):
                self.validate(wrong)

    def test_the_schema_refuses_a_slide_that_did_not_fail_without_counts(self):
        wrong = dict(self.json, cells=dict(self.json["cells"], located=None))
        with self.assertRaises(jsonschema.ValidationError):
            self.validate(wrong)

    def test_the_differential_is_the_same_in_record_and_json(self):
        table = self.record["differential"]
        classes = self.json["differential"]["classes"]
        self.assertEqual(texts(table["name"]), [row["name"] for row in classes])
        self.assertEqual(table["count"][:].tolist(), [row["count"] for row in classes])
        for column in ("fraction", "expected_fraction", "corrected_fraction"):
            self.assertEqual(absent_as_none(table[column][:]), [row[column] for row in classes])
        for column in ("wilson95", "corrected95", "reference"):
            for end, name in enumerate(("low", "high")):
                self.assertEqual(absent_as_none(table[f"{column}_{name}"][:]),
                                 [row[column] and row[column][end] for row in classes])
        monocyte = next(row for row in classes if row["name"] == "monocyte")
        self.assertEqual(monocyte["reference"], [0.02, 0.1])

    def test_the_criteria_are_the_same_in_record_and_json(self):
        for number, edition in enumerate(self.json["criteria"]["editions"]):
            group = self.record[f"criteria/{number}"]
            self.assertEqual(group.attrs["sentence"], edition["sentence"])
            self.assertEqual(group.attrs["code"], edition["code"])
            for column in ("id", "state", "sentence", "source", "unit"):
                self.assertEqual(texts(group[column]), [row[column] for row in edition["criteria"]])
            for column in ("value", "threshold"):
                self.assertEqual(absent_as_none(group[column][:]), [row[column] for row in edition["criteria"]])
        given = self.record["criteria/given"]
        self.assertEqual(texts(given["item"]), ["wbc", "persistence", "mutation"])
        self.assertEqual([row["value"] for row in self.json["case"]["given"]], texts(given["value"]))

    def test_quality_is_the_same_in_record_and_json(self):
        table = self.record["quality"]
        for column in ("code", "verdict", "unit", "key"):
            self.assertEqual(texts(table[column]), [row[column] for row in self.json["quality"]])
        for column in ("value", "at_least", "at_most"):
            self.assertEqual(absent_as_none(table[column][:]), [row[column] for row in self.json["quality"]])

    def assert_on_page(self, text, what):
        # Not assertIn: it would print the page.
        self.assertTrue(text in self.page, f"{what}: {text!r} is not on the page")

    def test_the_page_has_the_numbers_of_the_json(self):
        for row in self.json["differential"]["classes"]:
            if row["fraction"] is not None:
                self.assert_on_page(f"{100 * row['fraction']:.1f}", row["name"])
                low, high = (f"{100 * end:.1f}" for end in row["wilson95"])
                self.assert_on_page(f"{low}\u2013{high}", row["name"])
        for edition in self.json["criteria"]["editions"]:
            self.assert_on_page(edition["sentence"], edition["edition"])
            for row in edition["criteria"]:
                self.assert_on_page(row["title"], row["id"])
        for check in self.json["quality"]:
            self.assert_on_page(check["label"], check["code"])
        for sha in (self.json["slide"]["sha256"], self.json["model"]["sha256"],
                    self.json["case"]["labs_sha256"]):
            self.assert_on_page(sha, "SHA-256")

    def test_the_evidence_adds_up_to_the_expected_fractions(self):
        expected = {row["name"]: row["expected_fraction"] for row in self.json["differential"]["classes"]}
        for name, rows in self.json["evidence"]["value"].items():
            self.assertAlmostEqual(math.fsum(map(math.fsum, rows)), expected[name], delta=1e-9)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

"""Reads what `cytocape export` makes of the example record with the programs that its formats are
for: what our writer and our tests get wrong alike shows here.

Usage: read_exports.py PROGRAM WRITER [--all]: WRITER is write_example_record. A reader that is not
installed is skipped; with --all (script/check-exports) it is an error.
"""

import csv
import gzip
import importlib
import json
import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path

ALL = "--all" in sys.argv
PROGRAM, WRITER = [argument for argument in sys.argv[1:] if argument != "--all"]
CLASSES = ["monocyte", "lymphocyte", "smudge_cell"]
LABELS = ["monocyte", "lymphocyte", "smudge cell"]
CLASSIFIED = [0, 1, 2, 4, 5, 6, 8]
SEEN = sorted([*CLASSIFIED, 7])  # by the network; 7 is unidentified
INCOMPLETE = 4  # the exit code: the example's slide is


def reader(name):
    """The module; skips the test where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        if ALL:
            raise
        raise unittest.SkipTest(str(error))


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = Path(cls.folder.name)
        (cls.place / "reports/PB_17").mkdir(parents=True)
        subprocess.run([WRITER, str(cls.place / "reports/PB_17/report.h5")], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def export(self, to, *more):
        """The example's file in that format."""
        out = self.place / "out" / self.id()
        run = subprocess.run([PROGRAM, "export", self.place / "reports", "--to", to, "--out", out, *more],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, INCOMPLETE, run.stderr)
        files = list(out.iterdir())
        self.assertEqual(len(files), 1, files)
        return files[0]


class Geojson(Exports):
    def test_is_valid_by_rfc_7946(self):
        geojson = reader("geojson")
        collection = geojson.loads(self.export("geojson").read_text())
        self.assertTrue(collection.is_valid, collection.errors())
        self.assertEqual(len(collection["features"]), 10)

    def test_outlines_are_the_boxes_counter_clockwise(self):
        shape = reader("shapely.geometry").shape
        for i, feature in enumerate(json.loads(self.export("geojson").read_text())["features"]):
            outline = shape(feature["geometry"])
            self.assertTrue(outline.is_valid and outline.exterior.is_ccw)
            self.assertEqual(outline.bounds, (80 + 60 * i, 35 + 30 * i, 121 + 60 * i, 66 + 30 * i))

    def test_is_what_qupath_reads(self):
        """By QuPath's PathObjectTypeAdapter, which is Java."""
        collection = json.loads(self.export("geojson").read_text())
        for i, feature in enumerate(collection["features"]):
            uuid.UUID(feature["id"])
            properties = feature["properties"]
            self.assertEqual(properties["objectType"], "detection")
            self.assertTrue(all(isinstance(value, (int, float)) for value in properties["measurements"].values()))
            kind = properties["classification"]
            self.assertEqual(len(kind["color"]), 3)
            self.assertEqual(kind["name"] in LABELS, i in CLASSIFIED)

    def test_is_the_same_compressed(self):
        plain = self.export("geojson").read_bytes()
        other = self.place / "gz"
        subprocess.run([PROGRAM, "export", self.place / "reports/PB_17", "--to", "geojson", "--gzip", "--out", other],
                       capture_output=True, check=False)
        self.assertEqual(gzip.decompress((other / "PB_17.geojson.gz").read_bytes()), plain)


class Csv(Exports):
    def test_is_read_as_a_table(self):
        with self.export("csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([int(row["cell"]) for row in rows], list(range(10)))
        self.assertEqual([row["class"] for row in rows if row["class"]], [CLASSES[i % 3] for i in CLASSIFIED])

    def test_is_read_by_pandas(self):
        table = reader("pandas").read_csv(self.export("csv"))
        self.assertEqual(table["class"].notna().sum(), len(CLASSIFIED))
        self.assertEqual(list(table.columns[:5]), ["slide", "case", "cell", "x", "y"])


class Anndata(Exports):
    def test_elements_say_what_they_are(self):
        h5py = reader("h5py")
        with h5py.File(self.export("anndata")) as file:
            self.assertEqual(file.attrs["encoding-type"], "anndata")
            found = {}
            file.visititems(lambda name, item: found.update({name: item.attrs.get("encoding-type")}))
            self.assertNotIn(None, found.values(), found)
            self.assertEqual(list(file["obs"].attrs["column-order"])[:3], ["slide", "case", "class"])
            self.assertEqual({len(file["obs"][name]) for name in ("_index", "x", "cell", "class/codes")}, {10})

    def test_is_read_by_anndata(self):
        numpy = reader("numpy")
        cells = reader("anndata").read_h5ad(self.export("anndata"))
        self.assertEqual(cells.shape, (10, 3))
        self.assertEqual(list(cells.var_names), CLASSES)
        self.assertEqual(list(cells.var["label"]), LABELS)
        self.assertEqual(cells.obs_names[3], "PB_17_3")
        numpy.testing.assert_array_equal(cells.X[1], [0.25, 0.5, 0.25])
        numpy.testing.assert_array_equal(numpy.isnan(cells.X).any(axis=1), [i not in SEEN for i in range(10)])
        numpy.testing.assert_array_equal(cells.obsm["spatial"][2], [220.5, 110.25])
        self.assertEqual(cells.obs["class"].dropna().tolist(), [CLASSES[i % 3] for i in CLASSIFIED])
        self.assertEqual(cells.obs["reason"].dropna().tolist(),
                         ["border", "unidentified", "level 0, tile 3,2 is unreadable"])
        self.assertEqual(set(cells.obs["case"]), {"case 17"})
        self.assertEqual(cells.obs["box_width"].iloc[0], 41)
        self.assertEqual(cells.uns["cytocape"]["model"], "example")
        self.assertEqual(cells.uns["cytocape"]["status"], "incomplete")
        self.assertIn("Research Use Only", cells.uns["research_use"])
        self.assertEqual(len(cells.uns["class_colors"]), 3)

    def test_is_written_and_joined_by_anndata(self):
        anndata = reader("anndata")
        file = self.export("anndata")
        cells = anndata.read_h5ad(file)
        cells.write_h5ad(file.with_suffix(".again"))
        counted = cells[cells.obs["outcome"] == "classified"]
        self.assertEqual(anndata.concat([counted, counted]).n_obs, 2 * len(CLASSIFIED))


class Fhir(Exports):
    def bundle(self):
        return json.loads(self.export("fhir").read_text())

    def test_is_valid_by_fhir_resources(self):
        models = reader("fhir.resources.R4B")
        bundle = self.bundle()
        models.get_fhir_model_class("Bundle").model_validate(bundle)
        for entry in bundle["entry"]:
            kind = entry["resource"]["resourceType"]
            models.get_fhir_model_class(kind).model_validate(entry["resource"])

    def test_references_lead_somewhere(self):
        bundle = self.bundle()
        known = {entry["fullUrl"] for entry in bundle["entry"]}
        self.assertEqual(len(known), len(bundle["entry"]))

        def references(value):
            if isinstance(value, dict):
                for key, inner in value.items():
                    yield from [inner] if key == "reference" else references(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from references(inner)
        self.assertLessEqual(set(references(bundle)), known)

    def test_has_a_value_or_why_there_is_none(self):
        for entry in self.bundle()["entry"]:
            if entry["resource"]["resourceType"] == "Observation":
                values = [key for key in entry["resource"] if key.startswith("value")]
                self.assertEqual(len(values) + ("dataAbsentReason" in entry["resource"]), 1)


if __name__ == "__main__":
    if ALL:
        for name in ("geojson", "shapely", "pandas", "h5py", "anndata", "fhir.resources"):
            print(name, importlib.import_module("importlib.metadata").version(name), file=sys.stderr)
    unittest.main(argv=sys.argv[:1])

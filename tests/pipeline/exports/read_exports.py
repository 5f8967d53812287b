"""Reads what `cytocape export` makes of the example record with the programs that its formats are
for: what our writer and our tests get wrong alike shows here.

Usage: read_exports.py PROGRAM WRITER [--all]: WRITER is write_example_record. A reader that is not
installed is skipped; with --all (script/check-exports) it is an error.
"""

import csv
import gzip
import importlib
import json
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest
import uuid
import zlib
from pathlib import Path

ALL = "--all" in sys.argv
PROGRAM, WRITER = [str(Path(argument).absolute()) for argument in sys.argv[1:] if argument != "--all"]
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
    DICOM = False  # whether the example is a DICOM slide

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.place = Path(cls.folder.name)
        (cls.place / "reports/PB_17").mkdir(parents=True)
        subprocess.run([WRITER, str(cls.place / "reports/PB_17/report.h5"), *["dicom"] * cls.DICOM], check=True)

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


class Command(Exports):
    def said(self, code, *arguments):
        """What a command that ends with that code says on stderr."""
        run = subprocess.run([PROGRAM, "export", *arguments], capture_output=True, text=True, cwd=self.place)
        self.assertEqual(run.returncode, code, run.stderr)
        return run.stderr

    def test_says_what_is_wrong_and_what_to_do(self):
        self.assertIn("no format qupath; there are geojson, csv", self.said(2, "reports", "--to", "qupath"))
        self.assertIn("--to is missing", self.said(2, "reports"))
        self.assertIn("is no text", self.said(2, "reports", "--to", "clam", "--gzip"))
        self.assertIn("name it x.csv.gz", self.said(2, "reports", "--to", "csv", "--gzip", "--out", "x.csv"))
        self.assertIn("absent: is not there", self.said(2, "absent", "--to", "csv"))
        self.assertIn("report.h5", self.said(5, WRITER, "--to", "csv"))

    def test_keeps_what_is_there(self):
        self.said(INCOMPLETE, "reports", "--to", "csv", "--out", "kept.csv")
        before = (self.place / "kept.csv").read_bytes()
        self.assertIn("--overwrite", self.said(2, "reports", "--to", "csv", "--out", "kept.csv"))
        self.said(INCOMPLETE, "reports", "--to", "csv", "--out", "kept.csv", "--overwrite")
        self.assertEqual((self.place / "kept.csv").read_bytes(), before)

    def test_puts_the_files_of_a_format_into_a_folder_of_its_name(self):
        self.said(INCOMPLETE, "reports", "--to", "trident")
        self.assertTrue((self.place / "cytocape-exports/trident/PB_17_patches.h5").is_file())

    def test_prints_the_sentence_on_research_use(self):
        run = subprocess.run([PROGRAM, "export", "reports", "--to", "wsinfer"], capture_output=True, text=True,
                             cwd=self.place)
        self.assertIn("PB_17: cytocape-exports/wsinfer/PB_17.csv (of 10 located cells)", run.stdout)
        self.assertIn("incomplete: 1 of 6 blocks failed", run.stdout)
        self.assertIn("For Research Use Only", run.stdout)


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


class Hl7(Exports):
    def test_is_a_result_message_by_hl7apy(self):
        parser = reader("hl7apy.parser")
        text = self.export("hl7").read_bytes().decode()
        message = parser.parse_message(text, find_groups=True)
        self.assertTrue(message.validate())
        order = message.oru_r01_patient_result.oru_r01_order_observation
        self.assertEqual(order.obr.obr_3.value, "PB_17^cytocape")
        codes = [one.obx.obx_3.value for one in order.oru_r01_observation]
        self.assertTrue(any(code.startswith("26485-3^") for code in codes), codes)


class Dicom(Exports):
    DICOM = True

    def data(self, to):
        return reader("pydicom").dcmread(self.export(to))

    def test_cells_are_points_of_their_image(self):
        cells = self.data("dicom-ann")
        self.assertEqual(cells.file_meta.MediaStorageSOPClassUID, "1.2.840.10008.5.1.4.1.1.91.1")
        self.assertEqual((cells.Modality, cells.StudyInstanceUID), ("ANN", "1.2.17.1"))
        self.assertEqual(cells.ReferencedImageSequence[0].ReferencedSOPInstanceUID, "1.2.17.3")
        self.assertEqual((cells.PatientName, cells.PatientID), ("", ""))
        groups = {group.AnnotationGroupLabel: group for group in cells.AnnotationGroupSequence}
        self.assertEqual(sum(group.NumberOfAnnotations for group in groups.values()), 10)
        lymphocytes = groups["lymphocyte"]
        points = struct.unpack(f"<{2 * lymphocytes.NumberOfAnnotations}f", lymphocytes.PointCoordinatesData)
        self.assertEqual(points[:2], (160.5, 80.25))
        self.assertIn("not counted: border", groups)

    def test_cells_are_read_by_highdicom(self):
        highdicom = reader("highdicom")
        cells = highdicom.ann.annread(self.export("dicom-ann"))
        group = cells.get_annotation_group(number=1)
        self.assertEqual(len(group.get_graphic_data("2D")), group.NumberOfAnnotations)
        names, values, _ = group.get_measurements()
        self.assertEqual((names[0].meaning, len(values)),
                         ("area of the nuclear stain", group.NumberOfAnnotations))

    def test_numbers_are_a_measurement_report_by_highdicom(self):
        highdicom = reader("highdicom")
        report = highdicom.sr.srread(self.export("dicom-sr"))
        self.assertEqual((report.PreliminaryFlag, report.VerificationFlag), ("PRELIMINARY", "UNVERIFIED"))
        groups = report.content.get_image_measurement_groups()
        self.assertEqual(len(groups), 1)
        numbers = {one.name.value: one.value for one in groups[0].get_measurements()}
        # The example is incomplete: how many cells there are, and no share of a class.
        self.assertEqual(set(numbers), {"cells_counted", "cells_located"})


class Patches(Exports):
    def patches(self, to):
        with reader("h5py").File(self.export(to)) as file:
            return {key: file["coords"].attrs[key] for key in file["coords"].attrs}, \
                file["coords"][:], file["features"][:], list(file["features"].attrs["classes"])

    def test_are_what_clam_reads(self):
        """By CLAM's Whole_Slide_Bag_FP and WholeSlideImage."""
        attributes, coords, features, classes = self.patches("clam")
        self.assertEqual((coords.shape, coords.dtype.kind), ((8, 2), "i"))
        self.assertEqual(features.shape, (8, 3))
        self.assertEqual(classes, CLASSES)
        self.assertEqual((attributes["patch_level"], attributes["patch_size"]), (0, 88))
        self.assertEqual(tuple(attributes["downsample"]), (1, 1))
        self.assertEqual(tuple(attributes["level_dim"]), (1200, 600))
        self.assertEqual(tuple(attributes["downsampled_level_dim"]), (1200, 600))
        self.assertEqual((attributes["name"], attributes["save_path"]), ("PB_17", "."))

    def test_are_what_trident_reads(self):
        """By TRIDENT's read_coords and WSI.extract_patch_features."""
        attributes, coords, _, _ = self.patches("trident")
        scale = attributes["level0_magnification"] / attributes["target_magnification"]
        self.assertEqual(attributes["patch_size"] * scale, attributes["patch_size_level0"])
        self.assertEqual((attributes["overlap"], attributes["name"], attributes["savetodir"]), (0, "PB_17", "."))
        self.assertEqual((attributes["level0_width"], attributes["level0_height"]), (1200, 600))
        centres = coords + attributes["patch_size_level0"] / 2
        for row, i in zip(centres, SEEN):
            self.assertLessEqual(abs(row[0] - (100.5 + 60 * i)), 0.5)
            self.assertLessEqual(abs(row[1] - (50.25 + 30 * i)), 0.5)


class Wsinfer(Exports):
    def test_has_its_columns(self):
        with self.export("wsinfer").open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0]), ["minx", "miny", "width", "height", *("prob_" + name for name in CLASSES)])
        self.assertEqual(len(rows), len(SEEN))
        for row, i in zip(rows, SEEN):
            self.assertEqual(int(row["minx"]), 80 + 60 * i)
            self.assertEqual(max(CLASSES, key=lambda name: float(row["prob_" + name])), CLASSES[i % 3])


class Tiatoolbox(Exports):
    def test_is_read_by_its_store(self):
        kind = reader("tiatoolbox.annotation.storage").SQLiteStore
        if not hasattr(sqlite3.Connection, "enable_load_extension"):  # which it asks for, but does not need
            kind.compile_options = staticmethod(lambda: ["ENABLE_RTREE", "ENABLE_JSON1"])
        store = kind(self.export("tiatoolbox"))
        self.assertEqual(len(store), 10)
        annotation = store[[key for key in store.keys() if store[key].properties["cell"] == 2][0]]
        self.assertEqual(annotation.geometry.bounds, (200, 95, 241, 126))
        self.assertEqual(annotation.properties["type"], "smudge cell")
        self.assertEqual(annotation.properties["prob_monocyte"], 0.25)
        found = store.query((190, 90, 250, 130))
        self.assertEqual([one.properties["cell"] for one in found.values()], [2])
        lymphocytes = store.query(where="props['type'] == 'lymphocyte'")
        self.assertEqual(sorted(one.properties["cell"] for one in lymphocytes.values()), [1, 4])
        store.close()

    def test_has_its_tables(self):
        file = sqlite3.connect(self.export("tiatoolbox"))
        self.assertEqual(file.execute("pragma integrity_check").fetchone(), ("ok",))
        metadata = {key: json.loads(value) for key, value in file.execute("select key, value from metadata")}
        self.assertEqual((metadata["version"], metadata["compression"], metadata["compression_level"]),
                         ("1.0.1", "zlib", 9))
        self.assertEqual(metadata["cytocape"]["status"], "incomplete: 1 of 6 blocks failed")
        rows = file.execute("select id, key, objtype, cx, cy, geometry, properties, area from annotations").fetchall()
        boxes = file.execute("select id, min_x, max_x, min_y, max_y from rtree").fetchall()
        self.assertEqual(len(rows), 10)
        self.assertEqual(boxes[1], (2, 140, 181, 65, 96))
        _, key, kind, x, y, outline, properties, area = rows[1]
        uuid.UUID(key)
        self.assertEqual((kind, x, y, area), ("Polygon", 160.5, 80.5, 41 * 31))
        self.assertEqual(struct.unpack_from("<BIII4d", zlib.decompress(outline)), (1, 3, 1, 5, 140, 65, 181, 65))
        self.assertEqual(json.loads(properties)["type"], "lymphocyte")
        self.assertEqual(json.loads(rows[3][6])["type"], "not counted: border")
        file.close()


if __name__ == "__main__":
    if ALL:
        for name in ("geojson", "shapely", "pandas", "h5py", "anndata", "fhir.resources", "tiatoolbox", "hl7apy", "pydicom", "highdicom"):
            print(name, importlib.import_module("importlib.metadata").version(name), file=sys.stderr)
    unittest.main(argv=sys.argv[:1])

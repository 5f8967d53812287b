"""Reads a record written by write_example_record with h5py: what both our writer and our reader
get wrong alike shows here. Usage: read_record_h5py.py WRITER. Exits 77 where h5py is missing."""

import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

WRITER = sys.argv.pop(1)
CLASSIFIED = [0, 1, 2, 4, 5, 6, 8]


class Record(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = Path(cls.folder.name) / "report.h5"
        subprocess.run([WRITER, str(path)], check=True)
        cls.file = h5py.File(path, "r")

    @classmethod
    def tearDownClass(cls):
        cls.file.close()
        cls.folder.cleanup()

    def test_root_names_schema_and_research_use(self):
        root = self.file.attrs
        self.assertEqual(root["schema"], "cytocape-report")
        self.assertEqual(root["schema_version"], 2)
        self.assertIn("Research Use Only", root["research_use"])
        self.assertEqual(root["status"], "incomplete")
        self.assertEqual(list(root["status_reasons"])[0], "1 of 6 blocks failed")

    def test_every_dataset_has_its_type_and_shape(self):
        expected = {
            "blocks/index": ("<u8", (6,)), "blocks/core": ("<i8", (6, 4)),
            "blocks/outcome": ("|u1", (6,)), "blocks/reason_index": ("<i4", (6,)),
            "blocks/foreground_share": ("<f8", (6,)), "blocks/focus": ("<f8", (6,)),
            "blocks/cells": ("<u4", (6,)),
            "cells/id": ("<u8", (10,)), "cells/block": ("<u8", (10,)), "cells/x": ("<f8", (10,)),
            "cells/y": ("<f8", (10,)), "cells/box": ("<i8", (10, 4)),
            "cells/nucleus_um2": ("<f8", (10,)), "cells/focus": ("<f8", (10,)),
            "cells/strangeness": ("<f8", (10,)),
            "cells/outcome": ("|u1", (10,)), "cells/reason_index": ("<i4", (10,)),
            "cells/class": ("<i2", (10,)), "cells/probability": ("<f4", (10, 3)),
            "evidence/cells": ("<f2", (7, 3, 2, 3)), "evidence/cell_id": ("<u8", (7,)),
            "evidence/slide": ("<f8", (3, 2, 4)),
            "differential/in_denominator": ("|u1", (3,)), "differential/count": ("<u8", (3,)),
            "differential/fraction": ("<f8", (3,)), "differential/wilson95_low": ("<f8", (3,)),
            "differential/wilson95_high": ("<f8", (3,)),
            "differential/expected_fraction": ("<f8", (3,)),
            "differential/corrected_fraction": ("<f8", (3,)),
            "differential/corrected95_low": ("<f8", (3,)), "differential/corrected95_high": ("<f8", (3,)),
            "differential/reference_low": ("<f8", (3,)), "differential/reference_high": ("<f8", (3,)),
        }
        # The tables that judge, and the pictures, are held against the JSON by check_report.py.
        found = {}
        self.file.visititems(lambda name, item: found.update({name: item})
                             if isinstance(item, h5py.Dataset) and
                             name.split("/")[0] in ("blocks", "cells", "evidence", "differential") and
                             name.count("/") == 1 else None)
        texts = {name for name, item in found.items() if h5py.check_string_dtype(item.dtype)}
        self.assertEqual(texts, {"blocks/reasons", "cells/reasons", "differential/name",
                                 "differential/label"})
        self.assertEqual({name: (item.dtype.str, item.shape) for name, item in found.items()
                          if name not in texts}, expected)

    def test_tables_are_chunked_by_many_rows_and_compressed(self):
        for name in ("cells/x", "cells/probability", "evidence/cells", "blocks/core"):
            table = self.file[name]
            with self.subTest(name):
                self.assertGreaterEqual(table.chunks[0], 1000)
                self.assertEqual(table.chunks[1:], table.shape[1:])
                self.assertEqual(table.compression, "gzip")
                self.assertTrue(table.shuffle)
                self.assertLessEqual(np.prod(table.chunks) * table.dtype.itemsize, 1 << 20)

    def test_a_second_later_the_same_content_has_the_same_bytes(self):
        first = Path(self.file.filename).read_bytes()
        time.sleep(1.1)
        again = Path(self.folder.name) / "again.h5"
        subprocess.run([WRITER, str(again)], check=True)
        self.assertEqual(first, again.read_bytes())

    def test_lengths_carry_units_and_absences_are_explained(self):
        for name, unit in (("cells/x", "px"), ("cells/box", "px"), ("cells/nucleus_um2", "um2"),
                           ("blocks/core", "px"), ("evidence/slide", "1")):
            self.assertEqual(self.file[name].attrs["unit"], unit)
        self.assertEqual(self.file["slide"].attrs["mpp_unit"], "um/px")
        for name in ("cells/focus", "blocks/focus", "cells/probability", "cells/strangeness",
                     "differential/fraction"):
            self.assertTrue(self.file[name].attrs["absent"].startswith("NaN"))

    def test_cells_hold_what_was_written(self):
        cells = self.file["cells"]
        i = np.arange(10)
        np.testing.assert_array_equal(cells["id"][:], i)
        np.testing.assert_array_equal(cells["x"][:], 100.5 + 60 * i)
        np.testing.assert_array_equal(cells["y"][:], 50.25 + 30 * i)
        np.testing.assert_array_equal(cells["box"][2], [200, 95, 41, 31])
        outcome = [cells["outcome"].attrs["values"][k] for k in cells["outcome"][:]]
        self.assertEqual(outcome[3], "excluded")
        self.assertEqual(outcome[9], "failed")
        reasons = [text.decode() for text in cells["reasons"][:]]
        index = cells["reason_index"][:]
        self.assertEqual([reasons[index[k]] for k in (3, 7)], ["border", "unidentified"])
        self.assertTrue((index[CLASSIFIED] == -1).all())
        np.testing.assert_array_equal(cells["class"][:],
                                      [k % 3 if k in CLASSIFIED else -1 for k in range(10)])
        self.assertTrue(np.isnan(cells["probability"][3]).all())
        self.assertEqual(cells["probability"][1].tolist(), [0.25, 0.5, 0.25])

    def test_maps_sum_to_the_probabilities(self):
        maps = self.file["evidence/cells"][:].astype(np.float64)
        ids = self.file["evidence/cell_id"][:]
        np.testing.assert_array_equal(ids, CLASSIFIED)
        np.testing.assert_allclose(maps.sum(axis=(2, 3)),
                                   self.file["cells/probability"][:][ids], atol=1e-3)
        self.assertEqual(maps[1, 1, 0, 1], 0.125)

    def test_evidence_sums_to_the_expected_fraction(self):
        evidence = self.file["evidence/slide"]
        self.assertEqual(evidence.attrs["edge_px"], 300)
        np.testing.assert_allclose(evidence[:].sum(axis=(1, 2)),
                                   self.file["differential/expected_fraction"][:], atol=1e-12)

    def test_absent_fractions_are_nan_and_not_zero(self):
        differential = self.file["differential"]
        self.assertEqual([name.decode() for name in differential["name"][:]],
                         ["monocyte", "lymphocyte", "smudge_cell"])
        self.assertEqual(np.isnan(differential["fraction"][:]).tolist(), [False, False, True])
        self.assertEqual(np.isnan(differential["corrected_fraction"][:]).tolist(),
                         [False, True, True])
        self.assertEqual(differential.attrs["denominator"], 5)

    def test_provenance_is_readable_text(self):
        self.assertEqual(self.file["slide"].attrs["sha256"], "a" * 64)
        self.assertEqual(self.file["model"].attrs["sha256"], "b" * 64)
        self.assertEqual(list(self.file["model"].attrs["classes"]),
                         ["monocyte", "lymphocyte", "smudge_cell"])
        self.assertEqual(self.file["run"].attrs["config_toml"], '[slide]\nmpp = ""\n')
        self.assertEqual(self.file["run/libraries"].attrs["openslide"], "3.4.1")
        quality = self.file["quality"]
        self.assertEqual(quality["value"][:][[code == b"focus" for code in quality["code"][:]]], 11.5)

    def test_outcomes_add_up(self):
        for group, total in (("blocks", "planned"), ("cells", "located")):
            attributes = self.file[group].attrs
            self.assertEqual(attributes["tally_counts"].sum(), attributes[total])
            self.assertEqual(len(self.file[group]["outcome"]), attributes[total])


if __name__ == "__main__":
    unittest.main()

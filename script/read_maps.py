"""Class maps out of what `cytocape explain` and `cytocape analyze` write, as numpy arrays. One file without a package:
put it beside your program. Needs numpy, and h5py for records.

    for image in read_maps.of_explanation("why/explanation.json"): ...
    for cell in read_maps.of_record("reports/S1/report.h5"): ...

A map is [classes, height, width], float64. CAPE's values are probabilities: a class's map sums to its probability, all
maps of a cell to 1 (of a record, which keeps them in half precision, to about .005). For Research Use Only. Not for use
in diagnostic procedures.
"""
import dataclasses
import json

import numpy as np


@dataclasses.dataclass
class Maps:
    name: str  # the image's path, or the cell's number in its record
    classes: list
    called: str
    cape: np.ndarray  # as counts are made of: calibrated, where the model is
    probability: np.ndarray  # [classes]
    cape_learned: np.ndarray = None  # with the scales of training; None where that is `cape`
    mu_cape: np.ndarray = None  # max(0, A + W), logits; explanations alone, as the rest
    cam: np.ndarray = None  # max(0, M) of the ordinary head, logits
    ordinary: np.ndarray = None  # softmax of the ordinary head
    crop: tuple = None  # left, top, edge of what the network saw, image pixels
    place: tuple = None  # x, y on the slide, level-0 pixels; records alone

    def map_of(self, name, kind="cape"):
        return getattr(self, kind)[self.classes.index(name)]


def of_explanation(path):
    """One Maps for each image that could be explained."""
    with open(path, encoding="utf-8") as stream:
        document = json.load(stream)
    if document.get("schema") != "cytocape-explanation":
        raise ValueError(f"{path}: schema {document.get('schema')}; expected an explanation.json of `cytocape explain`")
    classes = document["model"]["classes"]
    for image in document["images"]:
        if image["status"] != "ok":
            continue

        def stacked(key):
            return np.array([image[key][name] for name in classes]) if key in image else None

        crop = image["crop"]
        yield Maps(
            name=image["image"],
            classes=classes,
            called=image["called"],
            cape=stacked("cape"),
            probability=stacked("probability"),
            cape_learned=stacked("cape_learned"),
            mu_cape=stacked("mu_cape"),
            cam=stacked("cam_logits"),
            ordinary=stacked("ordinary_probability"),
            crop=(crop["left_px"], crop["top_px"], crop["edge_px"]),
        )


def of_record(path):
    """One Maps for each cell that was classified; read one at a time, so that a slide need not fit into memory."""
    import h5py

    with h5py.File(path) as record:
        if record.attrs.get("schema") != "cytocape-report":
            raise ValueError(f"{path}: schema {record.attrs.get('schema')}; expected a report.h5 of `cytocape analyze`")
        classes = [name.decode() if isinstance(name, bytes) else str(name) for name in record["model"].attrs["classes"]]
        cells = record["cells"]
        row_of = {int(number): row for row, number in enumerate(cells["id"][:])}
        for index, number in enumerate(record["evidence/cell_id"][:]):
            row = row_of[int(number)]
            probability = cells["probability"][row].astype(np.float64)
            yield Maps(
                name=str(number),
                classes=classes,
                called=classes[int(np.argmax(probability))],
                cape=record["evidence/cells"][index].astype(np.float64),
                probability=probability,
                place=(float(cells["x"][row]), float(cells["y"][row])),
            )


def to_unit(array):
    """Min-max normalised, as CAM libraries hand maps out; 0 everywhere for a map that is the same everywhere."""
    low, high = array.min(), array.max()
    return (array - low) / (high - low) if high > low else np.zeros_like(array)


def enlarged(array, height, width):
    """A map [h, w] bilinearly at pixels' middles, as OpenCV's INTER_LINEAR: for overlays. It does not keep sums."""

    def axis(size, places):
        at = np.clip((np.arange(places) + 0.5) * size / places - 0.5, 0, size - 1)
        low = np.minimum(at.astype(int), size - 1)
        return low, np.minimum(low + 1, size - 1), at - low

    top, bottom, down = axis(array.shape[0], height)
    left, right, across = axis(array.shape[1], width)
    rows = array[top] * (1 - down)[:, None] + array[bottom] * down[:, None]
    return rows[:, left] * (1 - across) + rows[:, right] * across

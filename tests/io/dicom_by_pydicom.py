"""DICOM whole-slide images made and read by pydicom: what is held against the program's reader.

    decoded(path)          the pixels of a file, of shape (rows, columns, 3)
    write(path, ...)       a file of one level

Usage: dicom_by_pydicom.py SLIDE.tif FOLDER
Makes a folder of DICOM files, one a level, of a pyramid in JPEG tiles (as `cytocape phantom` draws them). The
tiles are the same JPEG data, so that every pixel is the same.
"""
import io
import pathlib
import struct
import sys

import numpy
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, generate_pixel_data_frame
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
JPEG, J2K_LOSSLESS, J2K = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
RLE, EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"


def jpeg_frame(data):
    return numpy.array(Image.open(io.BytesIO(data)).convert("RGB"))


def frames_of(slide):
    syntax = slide.file_meta.TransferSyntaxUID
    count = int(slide.NumberOfFrames)
    if syntax in (JPEG, J2K, J2K_LOSSLESS):
        return [jpeg_frame(frame) for frame in generate_pixel_data_frame(slide.PixelData, count)]
    pixels = slide.pixel_array.reshape(count, slide.Rows, slide.Columns, 3)
    if slide.PhotometricInterpretation == "YBR_FULL":
        # As pydicom does it, which rounds in 32 bits.
        matrix = [[1, 1, 1], [0, -0.114 * 1.772 / 0.587, 1.772], [1.402, -0.299 * 1.402 / 0.587, 0]]
        rgb = (pixels.astype(float) - [0, 128, 128]) @ numpy.array(matrix)
        return list(numpy.clip(numpy.floor(rgb + 0.5), 0, 255).astype(numpy.uint8))
    return list(pixels)


def decoded(path):
    slide = pydicom.dcmread(path)
    height, width = slide.TotalPixelMatrixRows, slide.TotalPixelMatrixColumns
    across = -(-width // slide.Columns)
    along = -(-height // slide.Rows)
    whole = numpy.full((along * slide.Rows, across * slide.Columns, 3), 255, numpy.uint8)
    for number, frame in enumerate(frames_of(slide)):
        y, x = number // across * slide.Rows, number % across * slide.Columns
        if slide.DimensionOrganizationType == "TILED_SPARSE":
            place = slide.PerFrameFunctionalGroupsSequence[number].PlanePositionSlideSequence[0]
            x = place.ColumnPositionInTotalImagePixelMatrix - 1
            y = place.RowPositionInTotalImagePixelMatrix - 1
        whole[y : y + slide.Rows, x : x + slide.Columns] = frame
    return whole[:height, :width]


def described(size, tile, spacing_mm, syntax, photometric):
    """Everything but the pixels; sizes as (width, height)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = WHOLE_SLIDE
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    slide = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    slide.is_little_endian = True
    slide.is_implicit_VR = syntax == IMPLICIT
    slide.SOPClassUID = WHOLE_SLIDE
    slide.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    slide.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    slide.Modality = "SM"
    slide.PatientName = "Drawn^Smear"
    slide.PatientID = "none"
    slide.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    slide.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.2"
    slide.FrameOfReferenceUID = "1.2.826.0.1.3680043.8.498.3"
    slide.DimensionOrganizationType = "TILED_FULL"
    slide.SamplesPerPixel = 3
    slide.PhotometricInterpretation = photometric
    slide.PlanarConfiguration = 0
    slide.Columns, slide.Rows = tile
    slide.BitsAllocated = slide.BitsStored = 8
    slide.HighBit = 7
    slide.PixelRepresentation = 0
    slide.TotalPixelMatrixColumns, slide.TotalPixelMatrixRows = size
    slide.ImagedVolumeWidth = size[0] * spacing_mm
    slide.ImagedVolumeHeight = size[1] * spacing_mm
    slide.SpecimenLabelInImage = "NO"
    path = Dataset()
    path.OpticalPathIdentifier = "1"
    slide.OpticalPathSequence = Sequence([path])
    measures = Dataset()
    measures.PixelSpacing = [f"{spacing_mm:.9g}"] * 2
    groups = Dataset()
    groups.PixelMeasuresSequence = Sequence([measures])
    slide.SharedFunctionalGroupsSequence = Sequence([groups])
    return slide


def add_places(slide, places):
    slide.DimensionOrganizationType = "TILED_SPARSE"
    items = []
    for x, y in places:
        place = Dataset()
        place.ColumnPositionInTotalImagePixelMatrix = x + 1
        place.RowPositionInTotalImagePixelMatrix = y + 1
        place.ZOffsetInSlideCoordinateSystem = "0"
        groups = Dataset()
        groups.PlanePositionSlideSequence = Sequence([place])
        items.append(groups)
    slide.PerFrameFunctionalGroupsSequence = Sequence(items)


def save(path, slide, frames, table=True):
    slide.NumberOfFrames = len(frames)
    if slide.file_meta.TransferSyntaxUID in (EXPLICIT, IMPLICIT):
        slide.PixelData = b"".join(frames)
    elif table == "extended":
        slide.PixelData, slide.ExtendedOffsetTable, slide.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    else:
        slide.PixelData = encapsulate(frames, has_bot=table)
    if not slide.file_meta.TransferSyntaxUID in (EXPLICIT, IMPLICIT):
        slide["PixelData"].is_undefined_length = True
    slide["PixelData"].VR = "OB"
    slide.save_as(path, write_like_original=False)


class Tiff:
    """The pages of a TIFF or BigTIFF of either byte order, as far as tiles in JPEG need it."""

    KINDS = {1: "B", 2: "s", 3: "H", 4: "I", 7: "s", 13: "I", 16: "Q"}

    def __init__(self, path):
        self.bytes = pathlib.Path(path).read_bytes()
        self.order = "<" if self.bytes[:2] == b"II" else ">"
        self.big = self.number("H", 2) == 43
        at = self.number("Q" if self.big else "I", 8 if self.big else 4)
        self.pages = []
        while at:
            page, at = self.page(at)
            self.pages.append(page)

    def number(self, kind, at):
        return struct.unpack_from(self.order + kind, self.bytes, at)[0]

    def page(self, at):
        wide, step, inline = ("Q", 20, 8) if self.big else ("I", 12, 4)
        count = self.number("Q" if self.big else "H", at)
        at += 8 if self.big else 2
        page = {}
        for _ in range(count):
            tag, kind, values = self.number("H", at), self.number("H", at + 2), self.number(wide, at + 4)
            letter = self.KINDS.get(kind)
            if letter:
                size = struct.calcsize(letter) * values
                place = at + (12 if self.big else 8)
                if size > inline:
                    place = self.number(wide, place)
                raw = self.bytes[place : place + size]
                page[tag] = raw if letter == "s" else struct.unpack(f"{self.order}{values}{letter}", raw)
            at += step
        return page, self.number(wide, at)

    def tiles(self, page):
        """Whole JPEG streams: the tables that all share are put behind the first marker."""
        tables = page.get(347, b"")[2:-2]
        for offset, size in zip(page[324], page[325]):
            data = self.bytes[offset : offset + size]
            yield data[:2] + tables + data[2:]


def convert(tiff_path, folder, mpp):
    tiff = Tiff(tiff_path)
    folder.mkdir(parents=True, exist_ok=True)
    finest = tiff.pages[0][256][0]
    for number, page in enumerate(tiff.pages):
        size, tile = (page[256][0], page[257][0]), (page[322][0], page[323][0])
        photometric = "RGB" if page[262][0] == 2 else "YBR_FULL_422"
        slide = described(size, tile, mpp / 1000 * finest / size[0], JPEG, photometric)
        if number:
            slide.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "RESAMPLED"]
        save(folder / f"level{number}.dcm", slide, list(tiff.tiles(page)))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    convert(sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) == 4 else 0.25)

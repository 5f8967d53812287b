#!/usr/bin/env python3
"""Holds the DICOM reader against pydicom and Pillow: files of every kind that the tests write, and files that
pydicom writes.

Usage: read_dicom_pydicom.py DICOM_PIXELS; exits 77 where pydicom is absent.
"""
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
    import pydicom
    from PIL import Image
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import dicom_by_pydicom as by

SIZE, TILE = (150, 110), (64, 48)


def digest(pixels):
    return hashlib.sha256(numpy.ascontiguousarray(pixels).tobytes()).hexdigest()


def picture():
    y, x = numpy.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    waves = [128 + 100 * numpy.sin(x / 9 + c) * numpy.cos(y / (7 + c)) for c in range(3)]
    return numpy.stack(waves, -1).astype(numpy.uint8)


def tiles(pixels):
    padded = numpy.pad(pixels, ((0, 64), (0, 64), (0, 0)), mode="edge")
    for y in range(0, SIZE[1], TILE[1]):
        for x in range(0, SIZE[0], TILE[0]):
            yield (x, y), padded[y : y + TILE[1], x : x + TILE[0]]


def encoded(tile, kind, **options):
    out = io.BytesIO()
    Image.fromarray(tile).save(out, kind, **options)
    return out.getvalue()


def write_by_pydicom(folder):
    """Yields the files; each of another syntax, offset table and order."""
    from pydicom.pixel_data_handlers.rle_handler import rle_encode_frame

    def write(name, syntax, photometric, encode, table=True, places=None):
        slide = by.described(SIZE, TILE, 0.00022, syntax, photometric)
        slide.SeriesInstanceUID += f".{len(name)}.{sum(name.encode())}"
        frames = [(place, encode(tile)) for place, tile in tiles(picture()) if not places or place in places]
        if places:
            frames.reverse()
            by.add_places(slide, [place for place, _ in frames])
        by.save(folder / name, slide, [frame for _, frame in frames], table)
        return folder / name

    def ycbcr(tile):
        return numpy.array(Image.fromarray(tile).convert("YCbCr")).tobytes()

    some = {(0, 0), (128, 48), (64, 96)}
    yield write("p_rle", by.RLE, "RGB", rle_encode_frame)
    yield write("p_jpeg", by.JPEG, "YBR_FULL_422", lambda tile: encoded(tile, "JPEG", quality=90))
    yield write("p_jpeg_extended", by.JPEG, "YBR_FULL", lambda tile: encoded(tile, "JPEG", subsampling=0), "extended")
    j2k = lambda **options: lambda tile: encoded(tile, "JPEG2000", no_jp2=True, mct=1, **options)
    yield write("p_j2k_lossless", by.J2K_LOSSLESS, "YBR_RCT", j2k(irreversible=False))
    yield write("p_j2k", by.J2K, "YBR_ICT", j2k(irreversible=True, quality_layers=[8]), False)
    yield write("p_implicit_sparse", by.IMPLICIT, "RGB", lambda tile: tile.tobytes(), places=some)
    yield write("p_jpeg_sparse", by.JPEG, "YBR_FULL_422", lambda tile: encoded(tile, "JPEG"), False, some)
    yield write("p_ycbcr", by.EXPLICIT, "YBR_FULL", ycbcr)


def converts(program, folder):
    """The levels of a pyramid are the same, whether its JPEG tiles lie in TIFF or in DICOM."""
    by.convert(folder / "pyramid.tif", folder / "pyramid", 0.25)
    paths = [folder / "pyramid.tif", folder / "pyramid"]
    printed = subprocess.run([program, "read", *paths], capture_output=True, text=True)
    levels = [line.split()[1:] for line in printed.stdout.splitlines()]
    fine = len(levels) > 4 and levels[: len(levels) // 2] == levels[len(levels) // 2 :]
    print("ok   " if fine else "WRONG", "pyramid", printed.stdout, printed.stderr)
    return fine


def main():
    program = sys.argv[1]
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([program, "write", folder], check=True)
        faults += not converts(program, folder)
        paths = sorted(folder.glob("*.dcm"))
        for path in [*paths, *write_by_pydicom(folder)]:
            # Some are of one series, which would be one slide.
            alone = folder / f"of_{path.stem}"
            alone.mkdir()
            path = path.rename(alone / path.name)
            printed = subprocess.run([program, "read", path], capture_output=True, text=True)
            theirs = by.decoded(path)
            ours = printed.stdout.split()
            wanted = ["0", str(theirs.shape[1]), str(theirs.shape[0])]
            fine = printed.returncode == 0 and ours[1:4] == wanted and ours[-1] == digest(theirs)
            faults += not fine
            print("ok   " if fine else "WRONG", path.name, digest(theirs)[:16], printed.stdout, printed.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks the direction pipeline -> models -> tiling -> io, and that each library stays in its room.

Usage: check_includes.py SOURCE_DIR; prints each offending line and exits 1 when there is one.
"""
import pathlib
import re
import sys

ORDER = ["io", "tiling", "models", "pipeline"]

# A header, and the only files that may include it.
ROOMS = [
    (r"openslide", r"io/openslide_slide\.cpp|io/versions\.cpp"),
    (r"vips/", r"io/vips_handles\.hpp"),
    (r"hdf5\.h|H5", r"io/hdf5.*|io/record_.*\.cpp"),
    (r"tiff(io)?\.h", r"io/tiff_.*\.cpp"),
    (r"csv\.h", r"io/csv\.cpp"),
    (r"openssl/", r"io/digest\.cpp"),
    (r"torch/|ATen/|c10/", r"models/[a-z_]*\.cpp|models/detail/[a-z_]*\.hpp"),
    (r"models/detail/", r"models/.*|tests/models/.*"),
    (r"oneapi/tbb/flow_graph|tbb/flow_graph", r"pipeline/slide_graph\.cpp"),
]


def offences(root):
    for folder in [*ORDER, "tests"]:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            name = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
                if match is None:
                    continue
                header = match.group(1)
                target = header.split("/")[0]
                if folder in ORDER and target in ORDER and ORDER.index(target) > ORDER.index(folder):
                    yield f"{name}:{number}: {folder}/ may not include {header}"
                for pattern, allowed in ROOMS:
                    if folder != "tests" and re.match(pattern, header) and not re.fullmatch(allowed, name):
                        yield f"{name}:{number}: {header} belongs in {allowed}"


def main():
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "includes follow pipeline -> models -> tiling -> io")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks the direction pipeline -> models -> tiling -> io, that of the wings inside a folder, that each
library stays in its room, and that what uses a library includes it.

Usage: check_includes.py SOURCE_DIR; prints each offending line and exits 1 when there is one.
"""
import pathlib
import re
import sys

ORDER = ["io", "tiling", "models", "pipeline"]

# A wing includes itself and those before it.
WINGS = {
    "models": ["cape", "data", "network", "engine", "training"],
    "pipeline": ["program", "settings", "statistics", "wording", "criteria", "pages", "case", "night", "exports", "naming", "review", "serve", "graph",
                 "run", "phantom", "explain", "evaluation", "adaptation", "commands"],
}

# A header, and the only files that may include it.
ROOMS = [
    (r"openslide", r"io/openslide_slide\.cpp|io/versions\.cpp"),
    (r"vips/", r"io/vips_handles\.hpp"),
    (r"hdf5\.h|H5", r"io/hdf5.*|io/record_.*\.cpp"),
    (r"tiff(io)?\.h", r"io/tiff_.*\.cpp"),
    (r"jpeglib\.h|jerror\.h", r"io/jpeg_check\.cpp"),
    (r"openjpeg\.h", r"io/jpeg2000_tile\.cpp"),
    (r"lcms2\.h", r"io/icc_profile\.cpp"),
    (r"dcmtk/", r"io/dicom_(attributes|object)\.cpp"),
    (r"zlib\.h", r"io/(zlib_check|gzip_file)\.cpp"),
    (r"sqlite3\.h", r"io/sqlite_connection\.cpp"),
    (r"sodium\.h", r"io/secrets\.cpp"),
    (r"httplib\.h", r"pipeline/serve/http_server\.cpp"),
    (r"csv\.h", r"io/csv\.cpp"),
    (r"openssl/", r"io/digest\.cpp"),
    (r"torch/|ATen/|c10/", r"models/(network|engine|training)/.*"),
    # Headers with LibTorch in them, and what is internal to training.
    (r"models/network/|models/engine/(device|engine)|models/training/(?!(?:train|adapt)\.hpp)", r"models/.*"),
    (r"oneapi/tbb/flow_graph|tbb/flow_graph", r"pipeline/graph/slide_graph\.cpp"),
]

# A namespace, and the headers that give it. Unity sources and precompiled headers hide that one is missing.
GIVEN_BY = {"fmt": r"fmt/", "nlohmann": r"nlohmann/"}


def wing_of(name):
    """(folder, wing) of a path, the wing empty where the folder has none."""
    parts = name.split("/")
    return parts[0], parts[1] if parts[0] in WINGS and len(parts) > 2 else ""


def runs_back(name, header):
    folder, wing = wing_of(name)
    target, target_wing = wing_of(header)
    if folder not in ORDER or target not in ORDER:
        return False
    if folder != target:
        return ORDER.index(target) > ORDER.index(folder)
    wings = WINGS.get(folder, [])
    return wing in wings and target_wing in wings and wings.index(target_wing) > wings.index(wing)


def included(path):
    """The headers that a file and the header of its own name include."""
    texts = [one.read_text() for one in {path, path.with_suffix(".hpp")} if one.exists()]
    return re.findall(r'^\s*#\s*include\s*["<]([^">]+)[">]', "\n".join(texts), re.M)


def missing_libraries(path):
    code = re.sub(r'//.*|"(?:\\.|[^"\\])*"', "", path.read_text())
    headers = included(path)
    for name, pattern in GIVEN_BY.items():
        if re.search(rf"\b{name}::", code) and not any(re.match(pattern, header) for header in headers):
            yield name


def offences(root):
    for folder in [*ORDER, "tests"]:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            name = path.relative_to(root).as_posix()
            folder, wing = wing_of(name)
            if folder in WINGS and wing not in WINGS[folder]:
                yield f"{name}: stands in none of the wings {', '.join(WINGS[folder])}"
            for library in missing_libraries(path):
                yield f"{name}: uses {library}:: and includes none of its headers"
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
                if match is None:
                    continue
                header = match.group(1)
                if runs_back(name, header):
                    yield f"{name}:{number}: may not include {header}"
                for pattern, allowed in ROOMS:
                    if folder != "tests" and re.match(pattern, header) and not re.fullmatch(allowed, name):
                        yield f"{name}:{number}: {header} belongs in {allowed}"


def main():
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "includes follow pipeline -> models -> tiling -> io, and the wings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

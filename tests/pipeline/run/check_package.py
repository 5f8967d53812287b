"""The packages work where they are unpacked, with neither sources nor build tree in sight.

Usage: check_package.py BUILD SOURCES. Makes the .tar.gz and the .deb, unpacks both into folders of their own, hides
BUILD and SOURCES behind empty folders, and draws and analyses a smear. Skipped (77) where mounts are not allowed or
dpkg-deb is absent. KEEP names a folder for the packages, which stay there.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXPECTED = [
    "bin/cytocape", "bin/cytocape-engine", "share/cytocape/models/pb.safetensors", "share/cytocape/analyze.toml",
    "share/cytocape/cluster/Snakefile", "share/doc/cytocape/LICENSE", "share/doc/cytocape/NOTICE",
    "share/doc/cytocape/docs/guide/watch.md", "share/man/man1/cytocape.1", "share/man/man1/cytocape-analyze.1",
    "share/bash-completion/completions/cytocape", "lib/systemd/system/cytocape-watch@.service",
]  # fmt: skip


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def use(root, hidden, work):
    """In a mount namespace of its own: what a user does first."""
    # A folder within another that is hidden already is no longer there.
    commands = ["set -e", f"cd {work}"]
    commands += [f"if [ -d '{path}' ]; then mount --bind {work}/empty '{path}'; fi" for path in hidden]
    program = root / "bin/cytocape"
    commands += [
        f"[ -z \"$(ls -A '{hidden[0]}')\" ]",
        f"{program} phantom --out s.tiff --size 900x700 --mpp 0.25 --white-cells 6 --seed 20 --quiet",
        f"{program} analyze s.tiff --model demo --out out --set counting.min_leukocytes_pb=1 --json > said.json || [ $? -eq 3 ]",
        f"{program} inspect pb --json > inspect.json",
        f"{program} doctor --json > doctor.json",
        "[ -s out/s/report.html ]",
    ]
    environment = {key: value for key, value in os.environ.items() if key != "CYTOCAPE_MODELS"}
    run("unshare", "-m", "bash", "-c", "\n".join(commands), env=environment)
    models = [model["path"] for model in json.loads((work / "doctor.json").read_text())["models"]]
    assert models and all(pathlib.Path(path).is_relative_to(root) for path in models), models
    slide = json.loads((work / "said.json").read_text())["slides"][0]
    assert slide["status"] in ("ok", "insufficient"), slide


def check(build, sources, folder, packages):
    run("cpack", "--config", build / "CPackConfig.cmake", "-B", packages)
    shutil.rmtree(packages / "_CPack_Packages", ignore_errors=True)
    archive, deb = next(packages.glob("*.tar.gz")), next(packages.glob("*.deb"))
    (folder / "tgz").mkdir()
    run("tar", "-xf", archive, "-C", folder / "tgz")
    (folder / "deb").mkdir()
    run("dpkg-deb", "-x", deb, folder / "deb")
    roots = {"tgz": next((folder / "tgz").iterdir()), "deb": folder / "deb/usr"}
    for name, root in roots.items():
        missing = [path for path in EXPECTED if not (root / path).exists()]
        assert not missing, f"{name} lacks {missing}"
        work = folder / f"work-{name}"
        (work / "empty").mkdir(parents=True)
        use(root, [sources, build], work)
        print(f"{name}: draws, analyses, and finds its models in {root}")
    depends = run("dpkg-deb", "-f", deb, "Depends")
    assert "libtorch" in depends and "libopenslide" in depends, depends


def main():
    build, sources = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    if not shutil.which("dpkg-deb") or not shutil.which("dpkg-shlibdeps"):
        skip("dpkg-deb or dpkg-shlibdeps is absent")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        skip("mounts are not allowed here")
    with tempfile.TemporaryDirectory(prefix="cytocape-package-") as name:
        folder = pathlib.Path(name)
        packages = pathlib.Path(os.environ.get("KEEP", folder / "packages")).resolve()
        packages.mkdir(parents=True, exist_ok=True)
        check(build, sources, folder, packages)


if __name__ == "__main__":
    main()

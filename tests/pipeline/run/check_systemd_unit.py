"""The unit of configs/systemd is one that systemd would load: says what systemd-analyze says of it.

Usage: check_systemd_unit.py UNIT. Skipped (77) where systemd-analyze is absent.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

unit = pathlib.Path(sys.argv[1])
if not shutil.which("systemd-analyze"):
    print("skipped: systemd-analyze is not installed")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    # As installed: the program's place is the only line that a machine without it could not have.
    program = pathlib.Path(folder) / "cytocape"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = pathlib.Path(folder) / unit.name.replace("@", "@pb")
    copy.write_text(unit.read_text().replace("/usr/bin/cytocape", str(program)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if unit.stem.split("@")[0] in line]
    if done.returncode != 0 or said:
        print(done.stdout + done.stderr)
        sys.exit(1)

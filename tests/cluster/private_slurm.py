"""A real Slurm of two nodes on this machine, for a test: all its files below one folder, without systemd, cgroups
or a database. Needs Debian's slurm-wlm and munge, and root. Ends only what it started."""

import os
import pathlib
import signal
import socket
import subprocess
import time

CONF = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# A job whose node died waits this long; by default two minutes.
AuthInfo=socket={root}/run/munge.sock,cred_expire=5
CredType=cred/munge
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool/%n
SlurmctldPidFile={root}/run/slurmctld.pid
SlurmdPidFile={root}/run/slurmd.%n.pid
SlurmctldLogFile={root}/log/slurmctld.log
SlurmdLogFile={root}/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={root}/log/jobcomp.txt
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# The machine may have fewer processors than these nodes claim.
SlurmdParameters=config_overrides
ReturnToService=1
SlurmdTimeout=10
MessageTimeout=5
KillWait=2
CompleteWait=0
MinJobAge=3600
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
NODES = ("n1", "n2")


def free_ports(count):
    """The first of so many ports in a row that nobody listens on."""
    for base in range(26800, 29000, count):
        sockets = []
        try:
            for port in range(base, base + count):
                one = socket.socket()
                sockets.append(one)
                one.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise RuntimeError("no free ports")


def parent_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, ValueError):
        return 0


def all_pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def with_descendants(pids):
    found = set(pids)
    grown = True
    while grown:
        more = {pid for pid in all_pids() if pid not in found and parent_of(pid) in found}
        grown = bool(more)
        found |= more
    return found


class Slurm:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        for name in ("etc", "run", "log", "state", "spool/n1", "spool/n2"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        for folder in (self.root, *self.root.iterdir()):
            folder.chmod(0o755)
        self.conf = self.root / "etc/slurm.conf"
        self.environment = {**os.environ, "SLURM_CONF": str(self.conf), "USER": "root"}

    def call(self, *words, **more):
        return subprocess.run(
            words, env=self.environment, capture_output=True, text=True, timeout=60, **more
        )

    def start(self):
        base = free_ports(3)
        key = self.root / "etc/munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        run, log = self.root / "run", self.root / "log"
        self.call(
            "munged", "--force", f"--key-file={key}", f"--socket={run}/munge.sock", f"--pid-file={run}/munged.pid",
            f"--seed-file={run}/munged.seed", f"--log-file={log}/munged.log", "--num-threads=2", check=True,
        )  # fmt: skip
        self.conf.write_text(
            CONF.format(root=self.root, host=socket.gethostname().split(".")[0], port=base, first=base + 1, last=base + 2)
        )
        self.call("slurmctld", check=True)
        for node in NODES:
            self.start_node(node)
        for _ in range(300):
            states = self.call("sinfo", "-h", "-N", "-o", "%t").stdout.split()
            if states.count("idle") == len(NODES):
                return
            time.sleep(0.1)
        raise RuntimeError("the nodes do not become idle: " + (log / "slurmctld.log").read_text()[-2000:])

    def start_node(self, node):
        self.call("slurmd", "-N", node, check=True)

    def pid(self, name, command):
        """Of a daemon of this cluster that runs; else None."""
        try:
            pid = int((self.root / "run" / name).read_text())
            return pid if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == command else None
        except (OSError, ValueError):
            return None

    def node_of(self, job_name):
        for line in self.call("squeue", "-h", "-t", "R", "-o", "%j %N").stdout.splitlines():
            name, node = line.split()
            if name == job_name:
                return node
        return None

    def kill_node(self, node):
        """As if it lost power: its slurmd, the supervisors of its jobs, and all that they run."""
        log = f"{self.root}/log/slurmd.{node}.log"
        victims = []
        for pid in all_pids():
            try:
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() != "slurmstepd":
                    continue
                opened = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")}
            except OSError:
                continue
            if log in opened:
                victims.append(pid)
        daemon = self.pid(f"slurmd.{node}.pid", "slurmd")
        for pid in with_descendants(victims) | ({daemon} if daemon else set()):
            kill(pid, signal.SIGKILL)

    def stop(self):
        ids = self.call("squeue", "-h", "-o", "%A").stdout.split()
        if ids:
            self.call("scancel", *ids)
        for _ in range(100):
            if not self.call("squeue", "-h", "-o", "%A").stdout.split():
                break
            time.sleep(0.1)
        daemons = [(f"slurmd.{node}.pid", "slurmd") for node in NODES]
        for name, command in [*daemons, ("slurmctld.pid", "slurmctld"), ("munged.pid", "munged")]:
            pid = self.pid(name, command)
            if pid:
                end(pid)


def kill(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def end(pid):
    kill(pid, signal.SIGTERM)
    for _ in range(100):
        if not pathlib.Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    kill(pid, signal.SIGKILL)

"""Runs the cases: ours with every peer in both roles, each case in a process of its own.

A case is forked, so that a crash, a hang or an environment variable of one touches no other. It
fails when it takes longer than its limit. Nothing is skipped: a peer that is not there is a failure
where peers are required (CI or SECUR32_REQUIRE_PEERS=1), and a loud message elsewhere.
"""

import argparse
import contextlib
import importlib
import os
import pathlib
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass

import pair
import scenarios  # noqa: F401  (fills the list of pair)
import secur32
from kerberos.processes import NeedsRoot
from party import Stage
from stage import ACCOUNTS

CASE_LIMIT = 60.0
OURS = "party_secur32"
CASE_LISTS = ("datagram_cases", "http_cases")
# Modules with `cases`, and with the `world` that must be there while they run; or with a `WORLD`,
# the module that has it. A world may be inside of another: that of the module named `INSIDE`.
WORLDS = (
    "kerberos.mit_cases", "kerberos.samba_cases", "negotiate.pair_cases", "negotiate.domain_cases",
    "negotiate.web_cases", "negotiate.sample_cases",
    "sasl.cases", "sasl.domain_cases", "names.dc_cases",
    "domain.member_cases", "domain.client_cases",
    "domain.impersonation_cases", "domain.impersonation_member_cases", "domain.mapping_cases",
    "domain.pac_cases",
    "domain.ntlm_cases",
    "domain.mit_ldap_cases", "domain.s4u_cases", "domain.s4u_thread_cases",
)
# The worlds that need root and namespaces: a Samba domain, and a computer in it.
DOMAIN_WORLDS = ("kerberos.samba_cases", "domain.member_cases")
# What the runner ends with when nothing could run, and nothing had to.
NOT_RUN = 77
PEERS = ("party_pyspnego", "party_gss", "party_samba", "party_winpr")


@dataclass
class Case:
    title: str
    run: object
    # The module whose `world` must be there while it runs.
    world: str | None = None


@dataclass
class Running:
    case: Case
    directory: pathlib.Path
    started: float
    report: int
    text: bytes = b""


def pair_cases(stage, client_module, server_module):
    client, server = client_module.Client, server_module.Server
    for title, fits, function in pair.SCENARIOS:
        if not fits(client, server):
            continue

        def run(directory, function=function):
            own = Stage(directory, stage.accounts, stage.samba)
            both = pair.Pair(own, client, server)
            function(both)
            both.close()

        name = f"{client.implementation} -> {server.implementation}: {title}"
        yield Case(name, run)


def cases(stage, modules, among_peers):
    peers = [modules[name] for name in PEERS if name in modules]
    if among_peers:
        pairs = [(c, s) for c in peers for s in peers if not excluded(c, s)]
    else:
        ours = modules[OURS]
        pairs = [(ours, ours)]
        pairs += [pair for peer in peers for pair in ((ours, peer), (peer, ours))]
    for client, server in pairs:
        yield from pair_cases(stage, client, server)
    if not among_peers:
        for name in CASE_LISTS:
            for title, function in getattr(modules.get(name), "CASES", ()):
                yield Case(title, function)
    for name in WORLDS:
        if name in modules:
            module = modules[name]
            world = getattr(module, "WORLD", name)
            for title, function in module.cases(among_peers):
                yield Case(title, function, world)


# Peers that do not understand each other; docs/peers.md tells why.
STRANGERS = {("samba", "pyspnego"), ("winpr", "pyspnego"), ("gss-ntlmssp", "winpr")}


def excluded(client, server):
    return (client.Client.implementation, server.Server.implementation) in STRANGERS


def start(case, root):
    directory = pathlib.Path(tempfile.mkdtemp(dir=root))
    read, write = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        # A group of its own, set on both sides: a case may start a server, which ends with it.
        os.setpgid(pid, pid)
        os.close(write)
        return pid, Running(case, directory, time.monotonic(), read)
    # The child: whatever it says goes into the report.
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(read)
    os.dup2(write, 1)
    os.dup2(write, 2)
    code = 1
    try:
        case.run(directory)
        code = 0
    except BaseException as error:
        explain(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def explain(error):
    """What happened, and where in the tests; the peers' own frames say little."""
    here = str(pathlib.Path(__file__).resolve().parent)
    print(f"{type(error).__name__}: {error}")
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(here) and not frame.filename.endswith("runner.py"):
            print(f"  {pathlib.Path(frame.filename).name}:{frame.lineno} {frame.line}")


def verdict(status):
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return None if os.WEXITSTATUS(status) == 0 else "failed"


class Pool:
    """A few cases at a time, each bounded in time."""

    def __init__(self, root, jobs, limit, verbose):
        self.root, self.jobs, self.limit, self.verbose = root, jobs, limit, verbose
        self.running = {}
        self.passed, self.failed = 0, []

    def run(self, waiting):
        waiting = list(waiting)
        try:
            while waiting or self.running:
                while waiting and len(self.running) < self.jobs:
                    pid, running = start(waiting.pop(0), self.root)
                    self.running[pid] = running
                self.read_reports()
                for pid, running in list(self.running.items()):
                    self.look_at(pid, running)
        finally:
            for pid in self.running:
                os.killpg(pid, signal.SIGKILL)

    def read_reports(self):
        ready, _, _ = select.select([r.report for r in self.running.values()], [], [], 0.02)
        for running in self.running.values():
            if running.report in ready:
                running.text += os.read(running.report, 1 << 16)

    def look_at(self, pid, running):
        seconds = time.monotonic() - running.started
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done and seconds < self.limit:
            return
        if done:
            problem = verdict(status)
        else:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            problem = f"not done after {self.limit:.0f} seconds"
        del self.running[pid]
        running.text += drain(running.report)
        shutil.rmtree(running.directory, ignore_errors=True)
        self.tell(running, problem, seconds)

    def tell(self, running, problem, seconds):
        if problem is None:
            self.passed += 1
            if self.verbose:
                print(f"ok    {running.case.title} ({seconds:.2f} s)")
            return
        self.failed.append(running.case.title)
        print(f"FAIL  {running.case.title}: {problem}")
        for line in running.text.decode(errors="replace").splitlines()[-40:]:
            print(f"        {line}")


def in_order(worlds, modules):
    """The worlds, and those that they are inside of, which come before them."""
    ordered = []
    for name in sorted(worlds):
        outer = getattr(modules[name], "INSIDE", None)
        ordered += [world for world in (outer, name) if world and world not in ordered]
    return ordered


def drain(report):
    """What is left in the pipe; a server that outlived its case may hold the other end."""
    os.set_blocking(report, False)
    text = b""
    try:
        while chunk := os.read(report, 1 << 16):
            text += chunk
    except BlockingIOError:
        pass
    os.close(report)
    return text


def load(required):
    """The drivers whose implementations are there, and what is missing."""
    modules, missing = {OURS: importlib.import_module(OURS)}, []
    for name in (*PEERS, *CASE_LISTS, *WORLDS):
        try:
            modules[name] = importlib.import_module(name)
        except ImportError as error:
            missing.append(f"{name}: {error}")
    for line in missing:
        print(f"{'FAIL' if required else 'MISSING'}  a peer is not there: {line}")
    return modules, missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samba", type=pathlib.Path, required=True, help="the prepared sam.ldb")
    parser.add_argument("--among-peers", action="store_true", help="peers with each other")
    parser.add_argument("--filter", default="", help="only the titles that contain this")
    parser.add_argument("--part", choices=("all", "domain", "other"), default="all",
                        help="the cases in a Samba domain, which need root; the others")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=CASE_LIMIT, help="seconds for one case")
    parser.add_argument("--quiet", action="store_true", help="only failures and the summary")
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("FAIL  told to end"))
    required = bool(os.environ.get("CI") or os.environ.get("SECUR32_REQUIRE_PEERS") == "1")
    modules, missing = load(required)
    if not chosen.among_peers and not os.path.exists(secur32.library_path()):
        sys.exit(f"FAIL  {secur32.library_path()} is not there: build the library first")
    stage = Stage(pathlib.Path("/nonexistent"), ACCOUNTS, chosen.samba)
    all_cases = [c for c in cases(stage, modules, chosen.among_peers) if chosen.filter in c.title]
    if chosen.part != "all":
        in_domain = chosen.part == "domain"
        all_cases = [c for c in all_cases if (c.world in DOMAIN_WORLDS) == in_domain]
    if chosen.list:
        print("\n".join(case.title for case in all_cases))
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="secur32-peers-") as root:
        pool, not_run = Pool(root, chosen.jobs, chosen.limit, not chosen.quiet), 0
        with contextlib.ExitStack() as worlds:
            for name in in_order({case.world for case in all_cases if case.world}, modules):
                try:
                    worlds.enter_context(modules[name].world(root, chosen.samba.parent))
                except Exception as error:
                    lost = [case for case in all_cases if case.world == name]
                    if isinstance(error, NeedsRoot) and not os.environ.get("CI"):
                        print(f"NOT RUN  {len(lost)} cases of {name}: {error}")
                        not_run += len(lost)
                    else:
                        print(f"FAIL  {name} could not be prepared: {error}")
                        pool.failed += [case.title for case in lost]
                    all_cases = [case for case in all_cases if case.world != name]
            pool.run(all_cases)
    failed = len(pool.failed) + (len(missing) if required else 0)
    seconds = time.monotonic() - began
    without = f", {not_run} NOT RUN" if not_run else ""
    print(f"peers: {pool.passed} passed, {failed} failed{without} ({seconds:.0f} s)")
    if not required and missing:
        print(f"peers: {len(missing)} of the implementations were MISSING, see above")
    if not_run and not pool.passed and not failed:
        sys.exit(NOT_RUN)
    sys.exit(1 if failed or not pool.passed else 0)


if __name__ == "__main__":
    main()

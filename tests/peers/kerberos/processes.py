"""Servers of a test run: on ports of their own, known by their process, ended with the run."""

import ctypes
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1


class NeedsRoot(Exception):
    """What only root can start."""


class NotStarted(Exception):
    """A server that did not come up, and what it said."""


def listens(path):
    """Whether somebody takes connections at a socket, which is there before that."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def free_port():
    """A port of 127.0.0.1 that is free for TCP and for UDP. Below the range that the kernel takes
    ports of clients from, so that none of those comes between here and the server's bind."""
    for _ in range(200):
        port = random.randrange(20000, 32000)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            try:
                stream.bind(("127.0.0.1", port))
                datagram.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise NotStarted("no free port on 127.0.0.1")


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A server in the foreground of its own session: a signal that it sends to its process group
    reaches nobody else. It ends when this process does."""

    def __init__(self, command, log, environment=None, before=None):
        self.log = pathlib.Path(log)
        self.command = command
        parent = os.getpid()

        def prepare():
            end_with_parent()
            if os.getppid() != parent:
                os._exit(1)
            if before:
                before()

        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env={**os.environ, **(environment or {})}, start_new_session=True,
                preexec_fn=prepare,
            )

    def until(self, ready, what, seconds=20.0):
        """Waits until `ready()`; that must be this process' doing."""
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise NotStarted(f"{self.command[0]}: {what} did not come\n{self.tail()}")
            time.sleep(0.02)

    def until_listening(self, tcp=(), udp=()):
        """Two servers may share a port without an error: it is ours when its socket is ours."""
        self.until(
            lambda: all(self._has("tcp", port) for port in tcp)
            and all(self._has("udp", port) for port in udp),
            f"TCP {list(tcp)}, UDP {list(udp)}",
        )

    def _has(self, protocol, port):
        own = self._sockets()
        for table in (protocol, protocol + "6"):
            path = pathlib.Path(f"/proc/{self.process.pid}/net/{table}")
            for line in path.read_text().splitlines()[1:] if path.exists() else ():
                fields = line.split()
                listens = protocol == "udp" or fields[3] == "0A"
                if listens and int(fields[1].rpartition(":")[2], 16) == port and fields[9] in own:
                    return True
        return False

    def _sockets(self):
        """The inodes of the process' sockets."""
        found = set()
        try:
            for link in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
                target = os.readlink(link)
                if target.startswith("socket:["):
                    found.add(target[8:-1])
        except OSError:
            pass
        return found

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, kill=False):
        if self.process.poll() is None:
            (self.process.kill if kill else self.process.terminate)()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


def run(command, environment=None, text=None, seconds=60.0, check=True):
    """A command that ends; its output. A failure tells what it said."""
    done = subprocess.run(
        command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", timeout=seconds, env={**os.environ, **(environment or {})}, check=False,
    )
    if check and done.returncode:
        raise NotStarted(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done.stdout

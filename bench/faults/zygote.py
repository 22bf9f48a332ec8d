"""A process that has imported everything and only forks: a server is up in the time of a fork, as thousands must be."""

import json
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from bench.faults.child import become

_MOST = 65_536


class Zygote:
    """Forks processes to order. Made before the caller has a loop or threads; when the caller ends, all of them end."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pid = os.fork()
        if self._pid == 0:
            self._socket.close()
            _serve(theirs)
        theirs.close()

    def spawn(self, order: Mapping[str, Any], pipes: Sequence[int]) -> int:
        """A process whose stdin, stdout and stderr are these; the caller keeps its own copies. Answers its id."""
        socket.send_fds(self._socket, [json.dumps({"do": "spawn", "order": order}).encode()], list(pipes))
        return int(self._socket.recv(_MOST))

    def reap(self, pid: int) -> int:
        """Wait for the end of a process that is ending; answers its exit code, negative for a signal."""
        self._socket.send(json.dumps({"do": "reap", "pid": pid}).encode())
        return int(self._socket.recv(_MOST))

    def close(self) -> None:
        """End every process that is left."""
        self._socket.close()
        os.waitpid(self._pid, 0)


def _serve(wire: socket.socket) -> NoReturn:
    living: set[int] = set()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides, and its end is ours
    while True:
        data, pipes, _, _ = socket.recv_fds(wire, _MOST, 3)
        if not data:
            break
        asked = json.loads(data)
        if asked["do"] == "reap":
            living.discard(asked["pid"])
            _, status = os.waitpid(asked["pid"], 0)
            wire.send(str(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            wire.close()
            _run(asked["order"], pipes)
        living.add(pid)
        for pipe in pipes:
            os.close(pipe)
        wire.send(str(pid).encode())
    for pid in living:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    os._exit(0)


def _run(order: Mapping[str, Any], pipes: Sequence[int]) -> NoReturn:
    code = 70
    try:
        code = become(order, pipes)
    except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
        import traceback  # noqa: PLC0415 - only then

        traceback.print_exc()
    finally:
        os._exit(code)

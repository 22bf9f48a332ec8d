"""A terminal in which a command runs and a person types."""

import os
import pty
import select
import time
from collections.abc import Mapping, Sequence

from tests.server.running import exit_code, start

PATIENCE = 60.0


def on_a_terminal(
    words: Sequence[str], env: Mapping[str, str], typed: Sequence[tuple[str, str]], *, all_asked: bool = True
) -> tuple[int, str]:
    """Run `eventdesk …` on a terminal; its exit code and what stood on the screen.

    `typed` is what the person waits for, at the end of the screen, and what they then type; a ^ before a letter is the
    control key. Everything in it must be asked, where it is `all_asked`. What the terminal itself shows of the typing is part of the screen.
    """
    ours, theirs = pty.openpty()
    try:
        process = start(words, env, [theirs] * 3)
        os.close(theirs)
        try:
            screen, left = _talk(ours, typed)
            assert not (left and all_asked), (
                f"the command ended before {left[0]} was asked; the screen shows:\n{screen}"
            )
            return exit_code(process, 20), screen.replace("\r\n", "\n")
        finally:
            process.kill()
            process.join()
    finally:
        os.close(ours)


def _talk(ours: int, typed: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    seen, fresh, left = "", "", list(typed)
    until = time.monotonic() + PATIENCE
    while True:
        if not select.select([ours], [], [], max(until - time.monotonic(), 0))[0]:
            raise AssertionError(f"nothing more came; waited for {left[:1]}, the screen shows:\n{seen}")
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # the other end was closed
            chunk = b""
        if not chunk:
            return seen, left
        seen += chunk.decode(errors="replace")
        fresh += chunk.decode(errors="replace")
        if left and fresh.rstrip().endswith(left[0][0].rstrip()):
            text = left.pop(0)[1]
            control = len(text) == 2 and text[0] == "^"
            os.write(ours, bytes([ord(text[1]) & 31]) if control else text.encode() + b"\n")
            fresh = ""

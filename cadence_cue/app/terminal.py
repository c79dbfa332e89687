"""The terminal that we run in, which may be closed while we do."""

from __future__ import annotations

import os
import select


def is_gone(stream: int) -> bool:
    """Whether the other end of this file descriptor is gone: the terminal, or the reader."""
    end = select.poll()
    end.register(stream, 0)  # that it is gone is told whatever is asked for
    return any(told & (select.POLLHUP | select.POLLERR) for _, told in end.poll(0))


def leave_closed_outputs() -> None:
    """Print nothing more where nobody reads any more: each line would be an error."""
    for stream in filter(is_gone, (1, 2)):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream)
        os.close(nowhere)

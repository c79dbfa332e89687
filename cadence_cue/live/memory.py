"""Anonymous shared memory for two processes: it needs neither a name nor cleaning up."""

from __future__ import annotations

import mmap
import os
import tempfile


def shared_memory(size: int) -> int:
    """A file descriptor of `size` zeroed bytes, freed with the last process that holds them.

    On Linux they stay in RAM: pages of a file on disk are write-protected whenever the kernel
    writes them back, and the audio thread would wait for that.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("cadence-cue")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, size)
    return descriptor


def touch(view: memoryview) -> None:
    """Read one byte of every page, so that no page fault occurs while playing."""
    bytes(view[:: mmap.PAGESIZE])

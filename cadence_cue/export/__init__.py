"""Export to a file: streaming encoders, tags, chapters, lyrics, covers and sidecar files.

The package can be called: as soon as one of its modules is imported, Python puts the package in
the place of the function `cadence_cue.export`, and both have to keep working, also when they are
sent to another process.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

_ROOT = sys.modules["cadence_cue"]  # not imported: this layer is below everything it uses


class _Package(ModuleType):
    """This package, called as the function."""

    __call__ = staticmethod(_ROOT.export)

    def __reduce__(self) -> tuple[Callable[[str], ModuleType], tuple[str]]:
        return import_module, (self.__name__,)


sys.modules[__name__].__class__ = _Package

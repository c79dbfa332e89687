"""Export to a file: streaming encoders, tags, chapters, lyrics, covers and sidecar files.

The package can be called: as soon as one of its modules is imported, Python puts the package in
the place of the function `cadence_cue.export`, and both have to keep working.
"""

import sys
from types import ModuleType

_ROOT = sys.modules["cadence_cue"]  # not imported: this layer is below everything it uses


class _Package(ModuleType):
    """This package, called as the function."""

    __call__ = staticmethod(_ROOT.export)


sys.modules[__name__].__class__ = _Package

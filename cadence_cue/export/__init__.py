"""To a file: encoders that stream samples, tags, chapters, words, a cover, and what lies beside.

The package can be called: Python puts it in the place of the function `cadence_cue.export` as soon
as one of its modules is imported, and both must go on working.
"""

import sys
from types import ModuleType

_ROOT = sys.modules["cadence_cue"]  # not imported: this layer is below everything it uses


class _Package(ModuleType):
    """This package, called as the function."""

    __call__ = staticmethod(_ROOT.export)


sys.modules[__name__].__class__ = _Package

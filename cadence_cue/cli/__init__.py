"""The command line: one module for each command or group of related commands."""

import gc

# Nearly all that a start makes stays, so looking for what does not is wasted.
gc.set_threshold(50_000)

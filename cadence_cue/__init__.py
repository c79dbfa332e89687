"""cadence-cue: the running coach in your headphones, exact to the frame."""

__version__ = "0.1.0"

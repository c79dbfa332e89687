"""Lets `python -m cadence_cue` start the program."""

from cadence_cue.app.invocation import program
from cadence_cue.cli.main import main

main(prog_name=program())

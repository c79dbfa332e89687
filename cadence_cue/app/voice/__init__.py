"""The voice: the shipped ones, how a text of it is heard, and what a runner records instead."""

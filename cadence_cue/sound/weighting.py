"""The K-weighting of ITU-R BS.1770-4: how loud each frequency is to the ear."""

from __future__ import annotations

RATE = 48_000
"""Frames per second that the filters are for."""

K_WEIGHTING = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
"""Two filters, each as numerator and denominator."""

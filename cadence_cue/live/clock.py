"""The clock of a stream: which of its frames passes the device at which time, and back.

A sound device counts frames with a crystal of its own and reports rough times for them: a sound
server asks for several blocks at once, up to 1.25 times its latency, and a busy machine answers
late. A straight line through many of these times is exact to a fraction of a millisecond.

It serves outputs and inputs alike: only the constant between a reported time and the ear or the
microphone differs, and calibration finds that.
"""

from __future__ import annotations

import math
from statistics import median

_MEMORY = 10.0  # seconds after which a time stamp has lost most of its weight
_STEADY = 25.0  # seconds³: the slope counts half after seven seconds (see `_slope`)
_FAR, _LEAST_FAR = 4.0, 0.006  # in standard deviations, and at least in seconds
_OUTVOTED = 0.6  # seconds of stamps off the line after which the line is wrong, not the stamps
_LONGEST_BURST = 1.0  # seconds


class StreamClock:
    """A line through the time stamps of a stream. Thread: one.

    It is the weighted least-squares line whose weights fade with age. Stamps that were asked for
    in one burst count as one point, their median: within a burst they lag more and more. A point
    weighs as many seconds as it stands for, since how rough stamps are changes with the time, not
    with their number: a server that starts a stream, or is busy, is some ms off for seconds. Stamps
    far from the line are left out; when they are in the majority, the line starts anew.
    """

    def __init__(self, rate: int) -> None:
        """Follow a stream of `rate` frames per second, by its own count."""
        self._rate = rate
        self.restart()

    def restart(self) -> None:
        """Forget everything, because the frames have slipped: the stream ran dry or is another."""
        self._burst: list[tuple[float, float]] = []
        self._weight = 0.0
        # Everything is in seconds: x by the stream's count, y what the time is ahead of it.
        self._x = self._y = 0.0  # means
        self._xx = self._xy = 0.0  # weighted sums about the means
        self._squares = 0.0  # of the residuals, weighted
        self._newest = 0.0  # x of the last point
        self._off = 0.0  # seconds of stamps off the line, less those since on it

    def note(self, frame: float, at: float) -> None:
        """Take a stamp: `frame` passes the device at time `at`, in seconds of time.monotonic.

        Frames rise from one call to the next.
        """
        x = frame / self._rate
        if self._burst:
            first, first_at = self._burst[0]
            if at - first_at >= (x - first) / 2 or x - first > _LONGEST_BURST:
                self._fit(x - first)
        elif not self._weight:
            self._x, self._y = x, at - x  # until there is more
        self._burst.append((x, at))

    def time_at(self, frame: float) -> float:
        """The time, in seconds of time.monotonic, at which a frame passes the device."""
        x = frame / self._rate
        return x + self._ahead(x)

    def frame_at(self, time: float) -> float:
        """The frame that passes the device at this time; infinite at infinity."""
        slope = self._slope
        return self._rate * (time - self._y + slope * self._x) / (1 + slope)

    @property
    def ppm(self) -> float:
        """How many millionths slower the stream's crystal is than the computer's clock."""
        return 1e6 * self._xy / self._xx if self._xx else 0.0

    @property
    def residual(self) -> float:
        """The standard deviation of the points from the line, in seconds."""
        return math.sqrt(self._squares / self._weight) if self._weight else 0.0

    @property
    def _slope(self) -> float:
        # Crystals differ by 100 ppm at most, and stamps are half a millisecond off for a second on
        # end: before the line is long enough to show the one beside the other, it is held level.
        return self._xy / (self._xx + _STEADY)

    def _ahead(self, x: float) -> float:
        return self._y + self._slope * (x - self._x)

    def _fit(self, seconds: float) -> None:
        """Move the line by the burst that is complete, and stands for so many seconds."""
        x = median(each for each, _ in self._burst)
        y = median(at - each for each, at in self._burst)
        self._burst = []
        if self._weight:
            residual = y - self._ahead(x)
            far = abs(residual) > max(_FAR * self.residual, _LEAST_FAR)
            passed, self._newest = x - self._newest, x
            self._off = max(0.0, self._off + (passed if far else -passed))
            if self._off > _OUTVOTED:
                self.restart()
            elif far:
                return
            else:
                fading = math.exp(-passed / _MEMORY)
                self._weight *= fading
                self._xx *= fading
                self._xy *= fading
                self._squares = self._squares * fading + seconds * residual**2
        self._newest = x
        self._weight += seconds
        across, up = x - self._x, y - self._y
        self._x += across * seconds / self._weight
        self._y += up * seconds / self._weight
        self._xx += seconds * across * (x - self._x)
        self._xy += seconds * across * (y - self._y)

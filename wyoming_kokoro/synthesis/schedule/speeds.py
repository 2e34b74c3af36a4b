"""How fast each engine is: what it was charged for and what it made come in, its real-time factor
leaves, and how long it may work on something before it is taken for hung.
"""

from dataclasses import dataclass

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.speech import Tokens

MEMORY = 0.97
"""Weight of the past in the measured real-time factor, per breath: the plans of some sentences are
to be in it, or it says less than the machine needs."""

SCATTER_SECONDS, SCATTER_MEMORY = 1.0, 0.9
"""Speech over which a real-time factor is compared with the mean, and the weight of the past in the
scatter, per comparison."""

CAUTION = 0.7
"""How much of the scatter is reckoned with. With 1 a full house waits longer than one request at a
time would let it, without it 3 of 100 replies of five rooms had a gap in place of 0.8, where speeds
varied as on a machine in use (simulated, 1,400 replies)."""

SLOWER_AT_WORST = 4.0
"""What an engine may take times what it is measured to, before it is taken for hung: a machine may
have other things to do for a while."""

SECONDS_A_TOKEN = 0.1
"""Speech that a phoneme, or a character of text, makes: more than on average, 0.07."""

UNMEASURED_SECONDS = 10.0
"""Speech that an engine, however slow, whose speed is not known makes in the least time after which
any is taken for hung."""


@dataclass(eq=False)
class _Measured:
    """What an engine has done, the past fading."""

    spent_seconds: float = 0.0
    made_seconds: float = 0.0
    scatter: float = 0.0
    """By how much the real-time factor differs from its mean, in the mean."""
    lately: tuple[float, float] = (0.0, 0.0)
    """What was spent and made since that was last compared."""

    @property
    def rtf(self) -> float:
        return self.spent_seconds / self.made_seconds if self.made_seconds else 0.0

    def compare(self, spent: float, made: float) -> None:
        spent, made = self.lately[0] + spent, self.lately[1] + made
        if made < SCATTER_SECONDS:
            self.lately = spent, made
            return
        off = min(abs(spent / made - self.rtf), self.rtf)  # one that was stopped says no more
        self.scatter = SCATTER_MEMORY * self.scatter + (1 - SCATTER_MEMORY) * off
        self.lately = 0.0, 0.0


class Speeds:
    """The engines' real-time factors: seconds of an engine for a second of audio."""

    def __init__(self) -> None:
        self._measured: dict[Engine, _Measured] = {}

    def rtf(self, engine: Engine) -> float:
        """Return the measured real-time factor of `engine`; 0 before anything is known."""
        return self._measured.get(engine, _Measured()).rtf

    def cautious_rtf(self, engine: Engine) -> float:
        """Return what the real-time factor of `engine` may well be for a while: the mean, and part
        of how much it differs from that in the mean, as TCP reckons with round trips (Jacobson
        1988). A machine has other things to do at times, and what is promised is to be kept
        then, too."""
        measured = self._measured.get(engine, _Measured())
        return measured.rtf + CAUTION * measured.scatter

    def expect(self, engine: Engine, rtf: float) -> None:
        """Take `rtf` for that of `engine` until one is measured."""
        if not self.rtf(engine):
            self._measured[engine] = _Measured(rtf, 1.0)

    def learn(self, engine: Engine, spent: float, made: float) -> None:
        """Note that `engine` has worked for `spent` seconds, and made so many of audio."""
        measured = self._measured.setdefault(engine, _Measured())
        if made > 0:
            measured.spent_seconds *= MEMORY
            measured.made_seconds *= MEMORY
        measured.spent_seconds += spent
        measured.made_seconds += made
        measured.compare(spent, made)

    def forget(self, engine: Engine) -> None:
        """Keep nothing of an engine that is used no more."""
        self._measured.pop(engine, None)

    def patience(self, engine: Engine, seconds: float, least: float) -> float:
        """Return how long `engine` may work on what makes so many seconds of audio, or plans it,
        before it is taken for hung: beside as many calls as it answers at once, and `least` in any
        case."""
        rtf = self.rtf(engine)
        if not rtf:
            return least * max(1.0, seconds / UNMEASURED_SECONDS)
        return max(least, SLOWER_AT_WORST * rtf * engine.at_once * seconds)


def longest_seconds(tokens: Tokens, speed: float) -> float:
    """Return how long a sentence of these tokens, or of this text, may be when it is spoken."""
    return SECONDS_A_TOKEN * (len(tokens.ids) or len(tokens.phonemes.text)) / speed

"""How far from one loudness the voices are that are at hand, as the server makes them: by the table
in the package, on sentences that it was not made from.

Loudness is in LUFS; a voice's is the mean of its five sentences of `sound.tsv`.
"""

from statistics import mean

from script.benchmarks.figures import progress
from script.benchmarks.speaking import of_language, real_voice
from script.tables.loudness import heard_of
from tests.support.speaking import RealVoice, whole
from wyoming_kokoro.audio import gain_for
from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.config import Settings
from wyoming_kokoro.voices.loudness import released_loudness
from wyoming_kokoro.voices.packs import pack_key


def measure(threads: int = 2) -> None:
    """Print each voice's loudness as it is made and as it is heard, and the farthest."""
    voice = real_voice(threads)
    names = sorted(voice.voices())
    found = {name: _loudness(voice, name) for name in progress(names, "voices")}
    target = Settings().loudness or 0.0
    print("voice", "as made, LUFS", f"heard, from {target:.0f} LUFS, dB", sep="\t")
    for name, (made, said) in found.items():
        print(name, f"{made:.1f}", f"{said - target:+.2f}", sep="\t")
    off = [said - target for _, said in found.values()]
    within = sum(abs(one) <= 1 for one in off)
    print(f"{within} of {len(off)} within 1 dB; mean {mean(off):+.2f}, {min(off):+.2f} to", end=" ")
    print(f"{max(off):+.2f} dB")


def _loudness(voice: RealVoice, name: str) -> tuple[float, float]:
    """Return how loud a voice is, as made and as heard: means of its sentences."""
    gain = gain_for((Settings().loudness or 0.0) - released_loudness()[pack_key(voice.pack(name))])
    made, said = [], []
    for sentence in of_language(name):
        plan = voice.plan(sentence)
        pcm = whole(voice.engine, plan)
        made.append(loudness(heard_of(plan, pcm)))
        said.append(loudness(heard_of(plan, pcm, gain)))
    return mean(made), mean(said)

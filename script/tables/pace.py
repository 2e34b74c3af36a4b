"""How long text takes to say: a checkpoint and its voices in, seconds a character of each language
out, which are the table in `wyoming_kokoro/synthesis/pace.py`.

    .venv/bin/python -m script.tables.pace CHECKPOINT VOICES

Up to three voices of each language say the sentences that tell how loud a voice is; none of those
in `script/benchmarks/sound.tsv` is among them. Only plans are made: a minute on one core.
"""

import sys
from pathlib import Path

from script.tables.loudness import SENTENCES, Speaker
from wyoming_kokoro.speech import FRAME_SAMPLES, LANGUAGES, SAMPLE_RATE, Language, language_of_voice
from wyoming_kokoro.synthesis.breaths import voiced_frames

VOICES = 3
PAUSE_SECONDS = 0.3
"""After a sentence, as `--sentence-pause` has it."""


def seconds_a_character(speaker: Speaker, language: Language) -> float:
    """Return how long the sentences of a language take at a speed of 1, with the pause after each,
    over their characters."""
    seconds, characters = 0.0, 0
    voices = [name for name in speaker.names() if language_of_voice(name) == language]
    for voice in voices[:VOICES]:
        for text in SENTENCES[voice[0]]:
            heard = voiced_frames(speaker.plan(voice, text), PAUSE_SECONDS)
            seconds += len(heard) * FRAME_SAMPLES / SAMPLE_RATE
            characters += len(text)
    return seconds / characters


def main() -> None:
    """Print the table."""
    checkpoint, voices = map(Path, sys.argv[1:])
    speaker = Speaker(checkpoint, voices, Path("build/tables"), "native")
    for language in LANGUAGES:
        sys.stdout.write(f"{language.code}\t{seconds_a_character(speaker, language):.3f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

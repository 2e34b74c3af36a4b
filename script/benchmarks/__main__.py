"""`script/bench NAME`: runs one measurement and prints it.

Figures of one run may be compared, those of two may not. `docs/performance.md` has them all.
"""

import argparse
import inspect
from collections.abc import Callable

from script.benchmarks import (
    audible,
    bound,
    chart,
    engines,
    fresh,
    house,
    kernels,
    languages,
    loudness,
    rooms,
    satellites,
    service,
    sound,
    spectrograms,
    start,
    text,
    versions,
    voices,
    web,
)
from tests.support.process import end_by_signals

MEASUREMENTS: dict[str, tuple[str, Callable[..., None]]] = {
    "engines": (
        "first audio, real-time factor and memory of the engine, against kokoro-onnx and kokoro "
        "with the same weights, and against the bare arithmetic",
        engines.measure,
    ),
    "sound": (
        "how breaths and integers sound beside whole sentences, on the real voice: log-mel "
        "distance, level steps, wrong words of a recogniser, DNSMOS; beside another noise and "
        "kokoro-onnx",
        sound.measure,
    ),
    "audible": (
        "which log-mel distance a recogniser and DNSMOS notice: whole sentences of the real voice "
        "made worse by degrees",
        audible.measure,
    ),
    "loudness": (
        "how far from one loudness the voices are that are at hand, on the real voice",
        loudness.measure,
    ),
    "service": (
        "the server as a client meets it: start to first `describe` and to ready, `describe` "
        "while it loads and speaks, first audio, alone and in four rooms",
        service.measure,
    ),
    "http": (
        "speech over HTTP beside Wyoming: first byte of each format, and a satellite's first audio "
        "beside ten streams of either",
        web.measure,
    ),
    "rooms": (
        "a second room's first audio while a first one is spoken to, and two rooms at once, with "
        "breaths that share the engine and with one after another",
        rooms.measure,
    ),
    "satellites": (
        "first audio, gaps and `describe` of a house with 1 to 16 satellites over real sockets, "
        "beside the same server with one request at a time and a plain one over kokoro-onnx",
        satellites.measure,
    ),
    "house": (
        "many rooms, simulated in virtual time: first audio and gaps with breaths that give way "
        "to more urgent ones and with one after another",
        house.measure,
    ),
    "kernels": (
        "the native library's kernels, each against the peak of its instruction on one thread",
        kernels.measure,
    ),
    "start": ("where the time goes between the start of the server and ready", start.measure),
    "fresh": (
        "from an empty folder to the first Kokoro sound by the starter, and the change to the "
        "released weights; memory of all processes",
        fresh.measure,
    ),
    "bound": (
        "measures nothing: how quickly replies of a house can begin at best, of one request at a "
        "time, with a scheduler that makes no mistakes and with one that knows the future",
        bound.measure,
    ),
    "voices": (
        "loading a voice, a blend, and a voice of an archive, first, later and kept, against "
        "kokoro, kokoro-onnx and the bare reading",
        voices.measure,
    ),
    "languages": (
        "making a pipeline for each of the nine languages, its first sentence and later ones, "
        "against kokoro and kokoro-onnx",
        languages.measure,
    ),
    "text": (
        "the English front end: import and first sentence in a new process, memory, and each "
        "sentence after that, against misaki on spaCy and the bare reading of its lexicon",
        text.measure,
    ),
    "versions": (
        "memory of each model version loaded, of two at once, and after they are closed",
        versions.measure,
    ),
    "spectrograms": (
        "draws docs/sound-*.png: a sentence of the real voice, whole and in breaths",
        spectrograms.draw,
    ),
    "chart": ("measures nothing: draws docs/first-audio.svg from performance.md", chart.draw),
}

OPTIONS = {
    "rounds": "how often everything is measured; medians are printed",
    "threads": "of each engine",
    "seconds": "that a house is watched",
    "calls": "file with what the calls of an engine took (satellites --columns recorded writes "
    "build/bench/calls.jsonl); without, its speed does not vary",
    "rooms": "of a house, one after the other: 1,2,4 or 70%% of what the server can make",
    "columns": "servers that are asked, one after the other",
    "replies": "that a house is watched for, at least; 0 for as many as the seconds bring",
    "beside": "1 to measure a short reply beside a long one too, 0 to leave it out",
    "mixed": "sentences of any length that are spoken before memory is read",
    "voices": "that speak, one of each language first",
    "each": "sentences of each voice, at most five",
    "first": "sentences that are left out before",
    "int8": "1 to measure int8 too, 0 to leave it out",
    "native": "1 to measure the native engine too, 0 to leave it out",
    "judges": "1 to ask the recogniser and DNSMOS too, 0 to leave them out",
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, (summary, measure) in MEASUREMENTS.items():
        options = names.add_parser(name, help=summary, description=summary)
        for option, parameter in inspect.signature(measure).parameters.items():
            told = f"{OPTIONS[option]} (default: {parameter.default})"
            options.add_argument(
                f"--{option}", type=type(parameter.default), default=parameter.default, help=told
            )
    chosen = vars(parser.parse_args())
    _, measure = MEASUREMENTS[chosen.pop("name")]
    end_by_signals()
    measure(**chosen)


if __name__ == "__main__":
    main()

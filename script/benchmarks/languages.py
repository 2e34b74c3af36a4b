"""Making a pipeline for each language: what loading it costs, its first sentence, and those after
that, against kokoro's and kokoro-onnx' own.

Each language of each front end is loaded in a process of its own.
"""

import os
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import TypeVar

from script.benchmarks.figures import fresh, progress, resident_mb

T = TypeVar("T")

SENTENCES = {
    "en_US": (
        "The washing machine is ready.",
        "It is twenty degrees outside, and the sun will set in an hour.",
        "Your appointment with the dentist is on Tuesday morning.",
        "I turned off the lights in the kitchen, but the window is still open.",
    ),
    "en_GB": (
        "The kettle has boiled.",
        "The heating comes on at half past six, before anybody is up.",
        "There is a parcel for you at the neighbor's house.",
        "I locked the front door and closed the garage.",
    ),
    "es_ES": (
        "La lavadora ha terminado.",
        "Hace veinte grados y el sol se pondrá dentro de una hora.",
        "Su cita con el dentista es el martes por la mañana.",
        "He apagado las luces de la cocina, pero la ventana sigue abierta.",
    ),
    "fr_FR": (
        "La machine à laver a fini.",
        "Il fait vingt degrés et le soleil se couche dans une heure.",
        "Votre rendez-vous chez le dentiste est mardi matin.",
        "J'ai éteint les lumières de la cuisine, mais la fenêtre est ouverte.",
    ),
    "hi_IN": (
        "कपड़े धुल गए हैं।",
        "बाहर बीस डिग्री है और एक घंटे में सूरज डूब जाएगा।",
        "मंगलवार की सुबह आपको दाँत के डॉक्टर के पास जाना है।",
        "मैंने रसोई की बत्ती बंद कर दी है, पर खिड़की अभी खुली है।",
    ),
    "it_IT": (
        "La lavatrice ha finito.",
        "Ci sono venti gradi e il sole tramonta fra un'ora.",
        "Il suo appuntamento dal dentista è martedì mattina.",
        "Ho spento le luci in cucina, ma la finestra è ancora aperta.",
    ),
    "ja_JP": (
        "洗濯が終わりました。",
        "外は二十度で、あと一時間で日が沈みます。",
        "歯医者の予約は火曜日の朝です。",
        "台所の電気を消しましたが、窓はまだ開いています。",
    ),
    "pt_BR": (
        "A máquina de lavar terminou.",
        "Faz vinte graus e o sol se põe em uma hora.",
        "Sua consulta com o dentista é na terça-feira de manhã.",
        "Apaguei as luzes da cozinha, mas a janela ainda está aberta.",
    ),
    "zh_CN": (
        "衣服洗好了。",
        "外面二十度，再过一个小时太阳就下山了。",
        "你星期二早上要去看牙医。",
        "我关了厨房的灯，可是窗户还开着。",
    ),
}
"""The first is read when the language is loaded, the others are those after that."""

CODES = dict(zip(SENTENCES, "abefhijpz", strict=True))
"""How kokoro calls the languages."""

ESPEAK = ("en-us", "en-gb", "es", "fr-fr", "hi", "it", "ja", "pt-br", "cmn")
"""How kokoro-onnx does: it reads all of them by espeak-ng."""

NAMES = dict(zip(SENTENCES, ESPEAK, strict=True))

FIGURES = ("load, s", "CPU", "first, s", "CPU", "later, ms", "CPU", "memory, MB")

Read = Callable[[str], object]


def measure(rounds: int = 3) -> None:
    """Print what each language costs, in each front end."""
    measured: dict[tuple[str, str], list[list[float]]] = {}
    for _ in progress(range(rounds), "rounds"):
        for language in SENTENCES:
            for name in MAKERS:
                costs = fresh(_costs, name, language)
                measured.setdefault((language, name), []).append(costs)
    print(f"{'':24}" + "".join(f"{head:>11}" for head in FIGURES))
    for (language, name), rows in measured.items():
        medians = (f"{median(column):11.3f}" for column in zip(*rows, strict=True))
        print(f"{language:8}{name:16}" + ("".join(medians) or "  needs what is not installed"))


def _costs(name: str, language: str) -> list[float]:
    """Return the figures of this process, which has loaded nothing yet; none where the language
    cannot be loaded."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the peers tell what they do
    before = resident_mb()
    first, *others = SENTENCES[language]
    try:
        read, *load = _spent(lambda: MAKERS[name](language))
    except ImportError:
        return []
    _, *reading = _spent(lambda: read(first))
    # Each is new to the front end, as a sentence that is to be spoken mostly is.
    later = zip(*(_spent(partial(read, text))[1:] for text in others), strict=True)
    memory = resident_mb() - before
    return [*load, *reading, *(1e3 * median(spent) for spent in later), memory]


def _spent(work: Callable[[], T]) -> tuple[T, float, float]:
    """Return what `work` returns, and the seconds that it took, on the clock and of the
    processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - clock, time.process_time() - cpu


def _ours(language: str) -> Read:
    from wyoming_kokoro.speech import language_named
    from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

    front_end, spoken = FrontEnd(), language_named(language)
    return lambda text: front_end.phonemize(text, spoken, "misaki")


def _kokoro(language: str) -> Read:
    if language.startswith("en") and not find_spec("en_core_web_sm"):
        raise ImportError("it would be fetched from the web")
    from kokoro import KPipeline

    pipeline = KPipeline(CODES[language], repo_id="hexgrad/Kokoro-82M", model=False)
    return lambda text: list(pipeline(text))


def _kokoro_onnx(language: str) -> Read:
    from kokoro_onnx.tokenizer import Tokenizer

    tokenizer = Tokenizer()
    return lambda text: tokenizer.phonemize(text, NAMES[language])


MAKERS: dict[str, Callable[[str], Read]] = {
    "wyoming-kokoro": _ours,
    "kokoro": _kokoro,
    "kokoro-onnx": _kokoro_onnx,
}

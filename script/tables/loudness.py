"""How loud the released voices are: a checkpoint and its voices in, the table in the package out.

    script/loudness CHECKPOINT VOICES [NAME...] >wyoming_kokoro/voices/data/loudness.tsv

Each voice speaks five sentences of its language, whole; its loudness is their mean. Takes a quarter
of an hour on two cores for all 54 voices.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.speech import Pcm, Plan, Style, language_of_voice
from wyoming_kokoro.synthesis.breaths import heard, voiced_frames
from wyoming_kokoro.synthesis.loading import load_engine
from wyoming_kokoro.synthesis.sound import SentenceSound
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.packs import Pack, pack_key, style_vector
from wyoming_kokoro.voices.store import VoiceStore

_ENGLISH = (
    "Tomorrow will be cloudy, with a little rain in the afternoon.",
    "Somebody left the window of the upstairs bedroom open all morning.",
    "The washing machine has finished, and the dryer needs ten more minutes.",
    "There are three lights on in the living room right now.",
    "Your next appointment is on Thursday at half past nine.",
)

SENTENCES = {
    "a": _ENGLISH,
    "b": _ENGLISH,
    "e": (
        "Mañana estará nublado, con algo de lluvia por la tarde.",
        "Alguien dejó abierta toda la mañana la ventana del dormitorio de arriba.",
        "La lavadora ha terminado y la secadora necesita diez minutos más.",
        "Ahora mismo hay tres luces encendidas en el salón.",
        "Su próxima cita es el jueves a las nueve y media.",
    ),
    "f": (
        "Demain le ciel sera couvert, avec un peu de pluie dans l'après-midi.",
        "Quelqu'un a laissé la fenêtre de la chambre ouverte toute la matinée.",
        "La machine à laver a terminé, et le sèche-linge a besoin de dix minutes de plus.",
        "Trois lampes sont allumées dans le salon en ce moment.",
        "Votre prochain rendez-vous est jeudi à neuf heures et demie.",
    ),
    "h": (
        "कल आसमान में बादल रहेंगे, और दोपहर को थोड़ी बारिश होगी।",
        "किसी ने ऊपर वाले कमरे की खिड़की पूरी सुबह खुली छोड़ दी।",
        "कपड़े धोने की मशीन का काम पूरा हो गया है, और दस मिनट बाकी हैं।",
        "बैठक में इस समय तीन बत्तियाँ जल रही हैं।",
        "आपकी अगली मुलाक़ात गुरुवार को साढ़े नौ बजे है।",
    ),
    "i": (
        "Domani sarà nuvoloso, con un po' di pioggia nel pomeriggio.",
        "Qualcuno ha lasciato aperta la finestra della camera per tutta la mattina.",
        "La lavatrice ha finito e l'asciugatrice ha bisogno di altri dieci minuti.",
        "In questo momento ci sono tre luci accese nel soggiorno.",
        "Il prossimo appuntamento è giovedì alle nove e mezza.",
    ),
    "j": (
        "明日は曇りで、午後は少し雨が降るでしょう。",
        "誰かが朝からずっと寝室の窓を開けたままにしています。",
        "洗濯機が終わりました。乾燥機はあと十分かかります。",
        "今、居間では三つの明かりがついています。",
        "次の予約は木曜日の九時半です。",
    ),
    "p": (
        "Amanhã vai estar nublado, com um pouco de chuva à tarde.",
        "Alguém deixou a janela do quarto aberta durante toda a manhã.",
        "A máquina de lavar terminou, e a secadora precisa de mais dez minutos.",
        "Há três luzes acesas na sala neste momento.",
        "O seu próximo compromisso é na quinta-feira às nove e meia.",
    ),
    "z": (
        "明天多云，下午会下一点小雨。",
        "有人一整个上午都没有关楼上卧室的窗户。",
        "洗衣机已经洗完了，烘干机还需要十分钟。",
        "客厅里现在有三盏灯开着。",
        "您的下一个预约是星期四九点半。",
    ),
}
"""What a voice says, by the first letter of its name; each takes it two seconds and longer."""


class Speaker:
    """Voices of v1.0 that speak whole sentences with one checkpoint."""

    def __init__(
        self,
        checkpoint: Path,
        voices: Path,
        data_dir: Path,
        engine: Literal["onnx", "native"] = "onnx",
        precision: Native = "fp32",
    ) -> None:
        """What is compiled of the checkpoint is kept in `data_dir`."""
        settings = Settings(data_dir=data_dir, engine=engine, precision=precision)
        self._model = local_checkpoint(checkpoint, cache=data_dir / "cache")
        self._engine = load_engine(engine, self._model, settings, lambda: None, {})
        self._store = VoiceStore(self._model.version.name, (), None, None, (voices,))
        self._front_end = FrontEnd()

    def names(self) -> tuple[str, ...]:
        """Return the voices that there are."""
        return self._store.names()

    def pack(self, voice: str) -> Pack:
        """Return the pack of a voice, or of a blend."""
        return self._store.pack(self._store.resolve(voice))

    def make(self, voice: str, text: str) -> tuple[Plan, Pcm]:
        """Return the plan of a sentence, and its samples as the engine makes them."""
        plan = self.plan(voice, text)
        return plan, self._engine.voice(plan, range(plan.frames))

    def plan(self, voice: str, text: str) -> Plan:
        """Return the plan of a sentence."""
        language, version = language_of_voice(voice), self._model.version
        assert language
        phonemes = self._front_end.phonemize(text, language, version.notation)
        tokens = tokenize(phonemes, self._model.vocabulary)[0]
        vector = style_vector(self.pack(voice), version.style_row(tokens))
        return self._engine.plan(tokens, Style(vector, language, voice[1:2] != "m"), 1.0, 0)

    def loudness(self, voice: str) -> float:
        """Return how loud a voice is, in LUFS."""
        said = [heard_of(*self.make(voice, text)) for text in SENTENCES[voice[0]]]
        return sum(map(loudness, said)) / len(said)


def heard_of(plan: Plan, whole: Pcm, gain: float = 1.0) -> Pcm:
    """Return what is heard of a whole sentence, 0.3 s of silence after it, `gain` times as loud."""
    voiced = voiced_frames(plan, 0.3)
    return SentenceSound(plan, voiced, 0.3, gain).heard(heard(whole, voiced), last=True)


def rows(speaker: Speaker, names: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the table for these voices."""
    for name in names:
        yield f"{name}\t{pack_key(speaker.pack(name))}\t{speaker.loudness(name):.2f}\n"


def main() -> None:
    """Print the table."""
    checkpoint, voices, *names = sys.argv[1:]
    speaker = Speaker(Path(checkpoint), Path(voices), Path("build/tables"))
    sys.stdout.write("voice\tpack\tlufs\n")
    for row in rows(speaker, names or sorted(speaker.names())):
        sys.stdout.write(row)
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What a model is checked with: a few sentences of a home in each language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence, and how long it is for a speaker."""

    text: str

    syllables: int
    """In Japanese, morae."""


_ENGLISH = (
    Text("The kitchen light is on.", 6),
    Text("Tomorrow will be cloudy, with a little rain in the afternoon.", 17),
    Text("Somebody left the window of the upstairs bedroom open all morning.", 18),
)

TEXTS: Mapping[str, tuple[Text, ...]] = {
    "en_US": _ENGLISH,
    "en_GB": _ENGLISH,
    "de_DE": (
        Text("Das Licht in der Küche ist an.", 8),
        Text("Morgen ist es bewölkt, und am Nachmittag gibt es etwas Regen.", 17),
        Text("Jemand hat das Fenster im Schlafzimmer den ganzen Morgen offen gelassen.", 20),
    ),
    "es_ES": (
        Text("La luz está encendida.", 8),
        Text("Mañana estará nublado, con algo de lluvia por la tarde.", 19),
        Text("Alguien dejó abierta toda la mañana la ventana del dormitorio de arriba.", 26),
    ),
    "fr_FR": (
        Text("La lumière est allumée.", 7),
        Text("Demain le ciel sera couvert, avec un peu de pluie dans l'après-midi.", 19),
        Text("Quelqu'un a laissé la fenêtre de la chambre ouverte toute la matinée.", 18),
    ),
    "hi_IN": (
        Text("रसोई की बत्ती जल रही है।", 10),
        Text("कल आसमान में बादल रहेंगे, और दोपहर को थोड़ी बारिश होगी।", 20),
        Text("किसी ने ऊपर वाले कमरे की खिड़की पूरी सुबह खुली छोड़ दी।", 20),
    ),
    "it_IT": (
        Text("La luce è accesa.", 7),
        Text("Domani sarà nuvoloso, con un po' di pioggia nel pomeriggio.", 20),
        Text("Qualcuno ha lasciato aperta la finestra della camera per tutta la mattina.", 26),
    ),
    "ja_JP": (
        Text("台所の電気がついています。", 16),
        Text("明日は曇りで、午後は少し雨が降るでしょう。", 22),
        Text("誰かが朝からずっと寝室の窓を開けたままにしています。", 30),
    ),
    "pt_BR": (
        Text("A luz está acesa.", 7),
        Text("Amanhã vai estar nublado, com um pouco de chuva à tarde.", 19),
        Text("Alguém deixou a janela do quarto aberta durante toda a manhã.", 22),
    ),
    "zh_CN": (
        Text("厨房的灯开着。", 6),
        Text("明天多云，下午会下一点小雨。", 12),
        Text("有人一整个上午都没有关楼上卧室的窗户。", 18),
    ),
}
"""By language: a short sentence, one with a pause, and one without, which has to be cut within."""


def texts_in(code: str) -> tuple[Text, ...]:
    """Return the sentences of a language. A declared one has those of another country where it is
    spoken, or else the English ones as it reads them: parts are compared with the whole, and what
    they mean does not matter."""
    if code in TEXTS:
        return TEXTS[code]
    bare = code.partition("_")[0]
    return next((texts for one, texts in TEXTS.items() if one.partition("_")[0] == bare), _ENGLISH)

"""A Spanish noun in, the form of the number before it out; and how CLDR's numbers take it."""

import re

from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.tables import words
from wyoming_kokoro.text.normalize.words import is_roman

MASCULINE, FEMININE, ADJECTIVE = "m", "f", "adjective"

_NO_NOUNS = frozenset(
    words(
        """
        a al ante bajo con contra cuando de del desde donde durante e el ella en entre es
        eso está están estaba estaban era eran fue fueron ha han hasta hay la las lo los más
        me menos mientras mi ni no nos o para pero por punto coma porque puede pueden que
        queda quedan se según ser será serán si sin sobre son su sus también te tiene tienen
        toda todo tras u un una va van y ya ahora ayer hoy cada aquí allí así muy tan
        funciona funcionan sigue siguen suena suenan falla fallan dice
        """
    )
)
_MASCULINE_IN_A = frozenset(
    words(
        """
        día días mapa mapas planeta planetas sofá sofás cometa cometas pijama pijamas tranvía
        tranvías mediodía
        """
    )
)
_MASCULINE_ENDINGS = re.compile(
    r"(?:(?:^|sub)tema|blema|stema|esquema|dilema|teorema|poema|\Alema|grama|panorama|drama|clima|"
    r"idioma|síntoma|diploma|aroma|axioma|fantasma|plasma|prisma|carisma|enigma|dogma|trauma|ista)"
    r"s?\Z"
)
_FEMININE_ENDINGS = re.compile(r"(?:as?|[cstgxn]i[oó]n(?:es)?|[dt]ad(?:es)?|tud(?:es)?|umbres?)\Z")
_FEMININE_WORDS = frozenset(
    words(
        """
        actrices actriz app arista aristas ave aves base bases bici bicis calle calles
        capital capitales caries carne catedral catedrales central centrales clase clases
        clave claves col coles coliflor coliflores compraventa compraventas conquista
        conquistas corriente corrientes crisis cruces cruz cárcel cárceles diagonal
        diagonales dosis entrevista entrevistas especie especies espiral espirales fase
        fases fe fiebre fiebres flor flores foto fotos frase frases fuente fuentes gente
        gentes hambre hambres hoz hélice hélices imagen imágenes intemperie intemperies
        leche ley leyes liebre liebres lista listas llave llaves luces luz madre madres mano
        manos matrices matriz mente mentes miel mieles moto motos muerte muertes mujer
        mujeres nariz nave naves nieve nieves noche noches nube nubes nueces nuez orden
        pared paredes parte partes paz piel pieles pista pistas playlist playlistes postal
        postales radio radios razones razón raíces raíz red redes revista revistas sal salud
        saludes sangre sangres sartenes sartén sed sede sedes serie series señal señales
        suerte suertes superficie superficies tarde tardes tele teles tesis torre torres tos
        veces vez virgen virgenes vista vistas vocal vocales voces voz web webs índole
        índoles órdenes
        """
    )
)


def form_before(noun: str) -> Form:
    """Return the form of a number before `noun`, by the word's ending; "" where it is none."""
    if not noun.islower() or noun in _NO_NOUNS:
        return ""
    if noun in _FEMININE_WORDS:
        return FEMININE
    if noun in _MASCULINE_IN_A or _MASCULINE_ENDINGS.search(noun):
        return MASCULINE
    return FEMININE if _FEMININE_ENDINGS.search(noun) else MASCULINE


def form_of_acronym(noun: str) -> Form:
    """Return the form of a number before letters that are counted: "un SMS", "una TV"."""
    if len(noun) < 2 or not noun.isupper() or noun in _NO_ACRONYMS or is_roman(noun):
        return ""
    return FEMININE if noun in _FEMININE_ACRONYMS else MASCULINE


_NO_ACRONYMS = frozenset(words("HD UHD FM AM PM KM CV OFF ON Y O A DE EL LA EN"))
_FEMININE_ACRONYMS = frozenset(words("TV ONG PYME APP SIM VPN IP URL USB API"))


def inflect(spelled: str, number: int, form: Form) -> str:
    """Say "un millón de" before a noun and "doscientas mil" before a feminine one."""
    if form and number and number % 1_000_000 == 0:
        return f"{spelled} de"
    if form == FEMININE:
        millions, space, thousands = spelled.rpartition("llones " if number >= 2e6 else "llón ")
        return millions + space + thousands.replace("ientos", "ientas")
    return spelled

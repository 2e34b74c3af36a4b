"""Units of measure in Italian."""

from collections.abc import Mapping

from wyoming_kokoro.text.normalize.italian.gender import FEMININE, MASCULINE, article_form
from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs


def _gendered(table: str, gender: str) -> dict[str, Noun]:
    """Read nouns of one gender; the form of "one" before them follows from how they begin."""
    return {
        sign: Noun(noun.one, noun.many, article_form(noun.one, gender))
        for sign, noun in nouns(table).items()
    }


_LENGTHS = _gendered(
    """
    m: metro/metri, km: chilometro/chilometri, hm: ettometro/ettometri, dm: decimetro/decimetri,
    cm: centimetro/centimetri, mm: millimetro/millimetri, µm: micrometro/micrometri,
    μm: micrometro/micrometri, nm: nanometro/nanometri, ft: piede/piedi, in: pollice/pollici
    """,
    MASCULINE,
)
_POWERS = {
    **dict.fromkeys(("²", "2"), ("quadrato", "quadrati")),
    **dict.fromkeys(("³", "3"), ("cubo", "cubi")),
}
_AREAS_AND_VOLUMES = {
    f"{sign}{power}": Noun(f"{noun.one} {one}", f"{noun.many} {many}", noun.form)
    for sign, noun in _LENGTHS.items()
    for power, (one, many) in _POWERS.items()
}
_RATES = {
    f"{prefix}bps": Noun(f"{word}bit al secondo", f"{word}bit al secondo", MASCULINE)
    for prefix, word in pairs("k: kilo, K: kilo, M: mega, G: giga, T: tera").items()
}

_BASES = _gendered(
    """
    g: grammo/grammi, l: litro/litri, L: litro/litri, W: watt, Wh: wattora, V: volt, J: joule,
    N: newton, Pa: pascal, B: byte, b: bit, bit: bit, Hz: hertz, Ω: ohm, F: farad,
    Sv: sievert, Bq: becquerel, var: var
    """,
    MASCULINE,
)
_EXACT = {
    **_LENGTHS,
    **_AREAS_AND_VOLUMES,
    **_RATES,
    **dict.fromkeys(
        ("°C", "° C", "ºC", "º C", "℃"), Noun("grado Celsius", "gradi Celsius", MASCULINE)
    ),
    **dict.fromkeys(
        ("°F", "° F", "ºF", "º F", "℉"), Noun("grado Fahrenheit", "gradi Fahrenheit", MASCULINE)
    ),
    **_gendered(
        """
        °: grado/gradi, cent: centesimo/centesimi, ct: centesimo/centesimi, min: minuto/minuti,
        mins: minuto/minuti, s: secondo/secondi, sec: secondo/secondi,
        ms: millisecondo/millisecondi, g: grammo/grammi, gg: giorno/giorni, d: giorno/giorni,
        ac: acro/acri, ha: ettaro/ettari, gal: gallone/galloni, kn: nodo/nodi, A: ampere,
        mA: milliampere, µA: microampere, Ah: amperora, mAh: milliamperora, VA: voltampere,
        kVA: chilovoltampere, kWp: chilowatt di picco, kwh: chilowattora, KWh: chilowattora,
        kw: chilowatt, KW: chilowatt, dB: decibel, dBA: decibel, dB(A): decibel,
        dBm: decibel milliwatt, px: pixel, MP: megapixel, bar: bar, mbar: millibar, lm: lumen,
        lx: lux, K: kelvin, CV: cavallo/cavalli, cv: cavallo/cavalli, kg: chilo/chili,
        Kg: chilo/chili, gr: grammo/grammi, hg: etto/etti, q: quintale/quintali, mi: miglio/miglia,
        Km: chilometro/chilometri, cc: centimetro cubo/centimetri cubi, mc: metro cubo/metri cubi,
        mq: metro quadrato/metri quadrati, kmq: chilometro quadrato/chilometri quadrati,
        mmHg: millimetro di mercurio/millimetri di mercurio,
        fps: fotogramma al secondo/fotogrammi al secondo, rpm: giro al minuto/giri al minuto,
        bpm: battito al minuto/battiti al minuto, mph: miglio all'ora/miglia all'ora,
        kmh: chilometro all'ora/chilometri all'ora, kph: chilometro all'ora/chilometri all'ora,
        pH: pi acca, psi: pi esse i
        """,
        MASCULINE,
    ),
    **_gendered(
        """
        h: ora/ore, t: tonnellata/tonnellate, lb: libbra/libbre, lbs: libbra/libbre, oz: oncia/once,
        cal: caloria/calorie, kcal: chilocaloria/chilocalorie, cd: candela/candele, yd: iarda/iarde,
        atm: atmosfera/atmosfere, ppm: parte per milione/parti per milione,
        ppb: parte per miliardo/parti per miliardo
        """,
        FEMININE,
    ),
    "″": Noun("pollice", "pollici", MASCULINE),
}
_PREFIXES = pairs(
    """
    k: chilo, K: chilo, M: mega, G: giga, T: tera, P: peta, h: etto, d: deci, c: centi, m: milli,
    µ: micro, μ: micro, n: nano, Ki: kibi, Mi: mebi, Gi: gibi, Ti: tebi
    """
)
_PER = {"h": "all'ora", "s": "al secondo", "min": "al minuto"}


def _paces(units: Mapping[str, Noun]) -> dict[str, Noun]:
    """Return `units` by the hour, the minute and the second: "chilometri all'ora"."""
    return {
        f"{sign}/{time}": Noun(f"{noun.one} {per}", f"{noun.many} {per}", noun.form)
        for sign, noun in units.items()
        for time, per in _PER.items()
    }


_PACED = ("m", "km", "cm", "mm", "m³", "m3", "kg")
_SCALED = {
    f"{prefix}{base}": Noun(f"{word}{noun.one}", f"{word}{noun.many}", noun.form)
    for prefix, word in _PREFIXES.items()
    for base, noun in _BASES.items()
    if base in ("g", "l", "L", "B", "b", "bit")
}

UNITS = Units(
    exact={
        **_EXACT,
        **_paces({sign: _EXACT[sign] for sign in _PACED}),
        **_paces({**{base: _BASES[base] for base in ("g", "l", "L", "B", "b")}, **_SCALED}),
    },
    bases=_BASES,
    prefixes=_PREFIXES,
    durations=pairs(
        """
        d: gg, gg: gg, giorno: gg, giorni: gg, h: h, ora: h, ore: h, m: min, min: min, minuto: min,
        minuti: min, s: s, sec: s, secondo: s, secondi: s, ms: ms
        """
    ),
    last=" e ",
    one_after="per|al|all'|ogni|il|un|del|lo|uno|la|una|l'|un'",
    per="{unit} per {per}",
    percent="{number} per cento",
    percents="per cento",
    tight=frozenset(["ha", "mi", "d", "b", "F", "in", "cv", "cal", "cd", "ac", "var", "mc", "q"]),
)

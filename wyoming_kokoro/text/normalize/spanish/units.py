"""Units of measure in Spanish."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs

_LENGTHS = {
    **nouns(
        """
        m: metro/metros, km: kilómetro/kilómetros, hm: hectómetro/hectómetros,
        dm: decímetro/decímetros, cm: centímetro/centímetros, mm: milímetro/milímetros,
        µm: micrómetro/micrómetros, μm: micrómetro/micrómetros, nm: nanómetro/nanómetros,
        ft: pie/pies
        """,
        "m",
    ),
    **nouns("in: pulgada/pulgadas, mi: milla/millas, yd: yarda/yardas", "f"),
}
_POWERS = {
    **dict.fromkeys(("²", "2"), ("cuadrado", "cuadrados")),
    **dict.fromkeys(("³", "3"), ("cúbico", "cúbicos")),
}


def _raised(noun: Noun, one: str, many: str) -> Noun:
    if noun.form == "f":
        one, many = f"{one[:-1]}a", f"{many[:-2]}as"
    return Noun(f"{noun.one} {one}", f"{noun.many} {many}", noun.form)


_AREAS_AND_VOLUMES = {
    f"{sign}{power}": _raised(noun, one, many)
    for sign, noun in _LENGTHS.items()
    for power, (one, many) in _POWERS.items()
}
_RATES = {
    f"{prefix}bps": Noun(f"{word}bit por segundo", f"{word}bits por segundo", "m")
    for prefix, word in pairs("k: kilo, K: kilo, M: mega, G: giga, T: tera").items()
}

_MASCULINE = nouns(
    """
    °: grado/grados, ct: céntimo/céntimos, cts: céntimo/céntimos, cént: céntimo/céntimos,
    min: minuto/minutos, mins: minuto/minutos, s: segundo/segundos, seg: segundo/segundos,
    ms: milisegundo/milisegundos, d: día/días, ac: acre/acres, gal: galón/galones, kn: nudo/nudos,
    A: amperio/amperios, mA: miliamperio/miliamperios, µA: microamperio/microamperios,
    Ah: amperio hora/amperios hora, mAh: miliamperio hora/miliamperios hora,
    VA: voltiamperio/voltiamperios, kVA: kilovoltiamperio/kilovoltiamperios,
    kWp: kilovatio pico/kilovatios pico, kwh: kilovatio hora/kilovatios hora,
    KWh: kilovatio hora/kilovatios hora, kw: kilovatio/kilovatios, KW: kilovatio/kilovatios,
    dB: decibelio/decibelios, dBA: decibelio/decibelios, dB(A): decibelio/decibelios,
    dBm: decibelio milivatio/decibelios milivatio, px: píxel/píxeles, MP: megapíxel/megapíxeles,
    bar: bar/bares, mbar: milibar/milibares, lm: lumen/lúmenes, lx: lux, K: kelvin,
    cv: caballo/caballos, CV: caballo/caballos, kg: kilo/kilos, Kg: kilo/kilos, kgs: kilo/kilos,
    grs: gramo/gramos, gr: gramo/gramos, kms: kilómetro/kilómetros, Km: kilómetro/kilómetros,
    cc: centímetro cúbico/centímetros cúbicos, mmHg: milímetro de mercurio/milímetros de mercurio,
    fps: fotograma por segundo/fotogramas por segundo, lpm: latido por minuto/latidos por minuto,
    bpm: latido por minuto/latidos por minuto, kph: kilómetro por hora/kilómetros por hora,
    kmh: kilómetro por hora/kilómetros por hora, pH: pe hache, psi: pe ese i
    """,
    "m",
)
_FEMININE = nouns(
    """
    h: hora/horas, hr: hora/horas, hrs: hora/horas, hs: hora/horas, sem: semana/semanas,
    t: tonelada/toneladas, ha: hectárea/hectáreas, lb: libra/libras, lbs: libra/libras,
    oz: onza/onzas, cal: caloría/calorías, kcal: kilocaloría/kilocalorías, cd: candela/candelas,
    atm: atmósfera/atmósferas, ″: pulgada/pulgadas,
    rpm: revolución por minuto/revoluciones por minuto,
    RPM: revolución por minuto/revoluciones por minuto, mph: milla por hora/millas por hora,
    ppm: parte por millón/partes por millón, ppb: parte por mil millones/partes por mil millones,
    cda: cucharada/cucharadas, cdta: cucharadita/cucharaditas
    """,
    "f",
)

UNITS = Units(
    exact={
        **_LENGTHS,
        **_AREAS_AND_VOLUMES,
        **_RATES,
        **_MASCULINE,
        **_FEMININE,
        **dict.fromkeys(
            ("°C", "° C", "ºC", "º C", "℃"), Noun("grado Celsius", "grados Celsius", "m")
        ),
        **dict.fromkeys(
            ("°F", "° F", "ºF", "º F", "℉"), Noun("grado Fahrenheit", "grados Fahrenheit", "m")
        ),
    },
    bases=nouns(
        """
        g: gramo/gramos, l: litro/litros, L: litro/litros, W: vatio/vatios,
        Wh: vatio hora/vatios hora,
        V: voltio/voltios, J: julio/julios, N: newton/newtons, Pa: pascal/pascales, B: byte/bytes,
        b: bit/bits, bit: bit/bits, Hz: hercio/hercios, Ω: ohmio/ohmios, F: faradio/faradios,
        Sv: sievert/sieverts, Bq: becquerel/becquereles, var: var/vares
        """,
        "m",
    ),
    prefixes=pairs(
        """
        k: kilo, K: kilo, M: mega, G: giga, T: tera, P: peta, h: hecto, d: deci, c: centi, m: mili,
        µ: micro, μ: micro, n: nano, Ki: kibi, Mi: mebi, Gi: gibi, Ti: tebi
        """
    ),
    durations=pairs(
        """
        d: d, día: d, días: d, h: h, hr: h, hrs: h, hora: h, horas: h, m: min, min: min, mins: min,
        minuto: min, minutos: min, s: s, seg: s, segundo: s, segundos: s, ms: ms
        """
    ),
    last=" y ",
    one_after="por|cada|el|un|del|al|la|una",
    per="{unit} por {per}",
    percent="{number} por ciento",
    percents="por ciento",
    tight=frozenset(["ha", "mi", "d", "b", "F", "in", "cv", "cal", "cd", "sem", "ac", "var"]),
)

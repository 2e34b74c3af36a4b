"""Units of measure in Brazilian Portuguese."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE, powers, regular, scaled
from wyoming_kokoro.text.normalize.tables import nouns, pairs

_CELSIUS = Noun("grau Celsius", "graus Celsius")
_FAHRENHEIT = Noun("grau Fahrenheit", "graus Fahrenheit")
_LENGTHS = regular(
    """
    m: metro, km: quilômetro, Km: quilômetro, hm: hectômetro, dm: decímetro, cm: centímetro,
    mm: milímetro, µm: micrômetro, μm: micrômetro, nm: nanômetro
    """
)
_DATA = scaled(
    regular("B: byte, bit: bit, b: bit, bps: bit por segundo"),
    "k: quilo, K: quilo, M: mega, G: giga, T: tera, Ki: kibi, Mi: mebi, Gi: gibi, Ti: tebi",
)
_ELECTRIC = regular(
    "V: volt, A: ampere, J: joule, N: newton, VA: volt-ampere, Ah: ampere-hora, F: farad"
)
_PASCALS = nouns("Pa: pascal/pascais")

_EXACT = {
    **dict.fromkeys(("°", "º"), Noun("grau", "graus")),
    **dict.fromkeys(("°C", "° C", "ºC", "º C", "℃", "degC"), _CELSIUS),
    **dict.fromkeys(("°F", "° F", "ºF", "º F", "℉", "degF"), _FAHRENHEIT),
    **_LENGTHS,
    **powers(_LENGTHS, "quadrado/quadrados", "cúbico/cúbicos"),
    **_DATA,
    **_ELECTRIC,
    **scaled(_ELECTRIC, "m: mili, µ: micro, n: nano, k: quilo, M: mega"),
    **_PASCALS,
    **scaled(_PASCALS, "h: hecto, k: quilo, M: mega"),
    **regular(
        """
        ms: milissegundo, µs: microssegundo, ns: nanossegundo, s: segundo, seg: segundo,
        min: minuto, d: dia, ha: hectare, K: kelvin, kn: nó, Nm: newton-metro,
        lm: lúmen, kWp: quilowatt-pico, Wp: watt-pico, px: pixel, pol²: polegada quadrada,
        gr: grama, Kg: quilograma, kgs: quilograma, cc: centímetro cúbico, cv: cavalo, CV: cavalo,
        kgf: quilograma-força, mmHg: milímetro de mercúrio, kmh: quilômetro por hora,
        Km/h: quilômetro por hora, KM/H: quilômetro por hora, kwh: quilowatt-hora,
        KWh: quilowatt-hora, kw: quilowatt, KW: quilowatt, bpm: batimento por minuto,
        fps: quadro por segundo,
        Wh: watt-hora, kWh: quilowatt-hora, MWh: megawatt-hora, GWh: gigawatt-hora,
        TWh: terawatt-hora, mWh: miliwatt-hora, VDC: volt em corrente contínua
        """
    ),
    **regular(
        """
        h: hora, H: hora, hs: hora, hr: hora, hrs: hora, t: tonelada, lb: libra,
        lbs: libra, oz: onça, cd: candela, cal: caloria, kcal: quilocaloria, mi: milha,
        ppm: parte por milhão, ppb: parte por bilhão,
        mph: milha por hora, pol: polegada, in: polegada, ″: polegada, jd: jarda
        """,
        FEMININE,
    ),
    **nouns(
        """
        rpm: rotação por minuto/rotações por minuto, RPM: rotação por minuto/rotações por minuto
        """,
        FEMININE,
    ),
    **nouns(
        """
        lx: lux, dB: decibel/decibéis, dBA: decibel/decibéis,
        dB(A): decibel/decibéis,
        dBm: decibel-miliwatt/decibéis-miliwatt, ft: pé/pés, pH: pH, psi: PSI, PSI: PSI,
        atm: atmosfera/atmosferas, bar: bar/bars, mbar: milibar/milibares, MP: megapixel/megapixels,
        mol: mol/mols, mmol: milimol/milimols, Hz: hertz, kHz: quilohertz, MHz: megahertz,
        GHz: gigahertz, THz: terahertz
        """
    ),
}

UNITS = Units(
    exact=_EXACT,
    bases={
        **regular("g: grama, l: litro, L: litro, W: watt, Ω: ohm"),
        **nouns("Sv: sieverts, Bq: becquerels, var: vars"),
    },
    prefixes=pairs(
        """
        k: quilo, K: quilo, M: mega, G: giga, T: tera, h: hecto, d: deci, c: centi, m: mili,
        µ: micro, μ: micro, n: nano
        """
    ),
    durations=pairs(
        """
        d: d, dia: d, dias: d, h: h, H: h, hora: h, horas: h, hs: h, min: min, m: min, minuto: min,
        minutos: min, s: s, seg: s, segundo: s, segundos: s, ms: ms
        """
    ),
    last=" e ",
    one_after="por|cada|o|um|do|ao|no|a|uma|da|à",
    per="{unit} por {per}",
    percent="{number} por cento",
    percents="por cento",
    tight=frozenset(["d", "bar", "cal", "cd", "in", "H", "J", "F", "mi", "pol"]),
)

"""Units of measure in French."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE, powers, regular, scaled
from wyoming_kokoro.text.normalize.tables import nouns, pairs

_CELSIUS = Noun("degré Celsius", "degrés Celsius")
_FAHRENHEIT = Noun("degré Fahrenheit", "degrés Fahrenheit")
_LENGTHS = regular(
    """
    m: mètre, km: kilomètre, hm: hectomètre, dm: décimètre, cm: centimètre, mm: millimètre,
    µm: micromètre, μm: micromètre, nm: nanomètre
    """
)
_BYTES = regular("o: octet, B: octet")
_BITS = regular("bit: bit, b: bit, bps: bit par seconde")
_DATA = scaled(
    {**_BYTES, **_BITS},
    "k: kilo, K: kilo, M: méga, G: giga, T: téra, P: péta, Ki: kibi, Mi: mébi, Gi: gibi, Ti: tébi",
)
_TIMES = regular(
    """
    ms: milliseconde, µs: microseconde, ns: nanoseconde, s: seconde, sec: seconde, min: minute,
    mn: minute, h: heure, H: heure, hr: heure, sem: semaine
    """,
    FEMININE,
)

_EXACT = {
    **dict.fromkeys(("°", "º"), Noun("degré", "degrés")),
    **dict.fromkeys(("°C", "° C", "ºC", "℃", "degC"), _CELSIUS),
    **dict.fromkeys(("°F", "° F", "ºF", "℉", "degF"), _FAHRENHEIT),
    **_LENGTHS,
    **powers(_LENGTHS, "carré/carrés", "cube/cubes"),
    **_DATA,
    **_TIMES,
    **scaled(
        regular("V: volt, A: ampère, J: joule, N: newton, VA: voltampère, Ah: ampèreheure"),
        "m: milli, µ: micro, k: kilo, M: méga",
    ),
    **regular(
        """
        V: volt, A: ampère, J: joule, N: newton, VA: voltampère, Ah: ampèreheure, j: jour, d: jour,
        ha: hectare, K: kelvin, kn: nœud, Nm: newton-mètre,
        dB: décibel, dBA: décibel, dB(A): décibel, dBm: décibel-milliwatt, px: pixel,
        Mpx: mégapixel, MP: mégapixel, lm: lumen, kWc: kilowatt-crête, kWp: kilowatt-crête,
        Wc: watt-crête, bar: bar, mbar: millibar, µF: microfarad,
        nF: nanofarad, pF: picofarad, S: siemens, mol: mole, mmol: millimole, pt: point,
        mmHg: millimètre de mercure, km/h: kilomètre par heure, kmh: kilomètre par heure,
        Km/h: kilomètre par heure, ″: pouce, fps: image par seconde,
        tr/min: tour par minute, rpm: tour par minute, kwh: kilowattheure, KWh: kilowattheure,
        kw: kilowatt, KW: kilowatt, gr: gramme, Kg: kilogramme,
        VDC: volt continu, VAC: volt alternatif
        """
    ),
    **regular(
        """
        t: tonne, lb: livre, lbs: livre, oz: once, cd: candela, cal: calorie, kcal: kilocalorie,
        ppm: partie par million, ppb: partie par milliard, pers: personne, mph: mille par heure,
        càs: cuillère à soupe, càc: cuillère à café, c. à s.: cuillère à soupe,
        c. à c.: cuillère à café, c. à soupe: cuillère à soupe, c. à café: cuillère à café,
        cs: cuillère à soupe, cc: cuillère à café
        """,
        FEMININE,
    ),
    **nouns(
        """
        lx: lux, ft: pied/pieds, pH: pH, psi: PSI, PSI: PSI,
        atm: atmosphère/atmosphères,
        bpm: battement par minute/battements par minute
        """
    ),
}

UNITS = Units(
    exact=_EXACT,
    bases={
        **regular("g: gramme, l: litre, L: litre, W: watt, Wh: wattheure, Pa: pascal, Ω: ohm"),
        **nouns("Hz: hertz, Sv: sieverts, Bq: becquerels, var: vars, eV: électronvolts"),
    },
    prefixes=pairs(
        """
        k: kilo, K: kilo, M: méga, G: giga, T: téra, h: hecto, d: déci, c: centi, m: milli,
        µ: micro, μ: micro, n: nano
        """
    ),
    durations=pairs(
        """
        j: j, jour: j, jours: j, h: h, H: h, heure: h, heures: h, min: min, mn: min, m: min,
        minute: min, minutes: min, s: s, sec: s, seconde: s, secondes: s, ms: ms
        """
    ),
    one_after="par|chaque|le|un|du|au|la|une|l'|d'un|d'une",
    per="{unit} par {per}",
    percent="{number} pour cent",
    percents="pour cent",
    tight=frozenset(["d", "bar", "cal", "cd", "pt", "S", "H", "J"]),
)

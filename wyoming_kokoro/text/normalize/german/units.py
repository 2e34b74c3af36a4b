"""Units of measure in German."""

from wyoming_kokoro.text.normalize.german.gender import FEMININE, MASCULINE, NEUTER
from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs

_BASES = {
    **nouns("l: Liter, L: Liter", MASCULINE),
    **nouns(
        """
        g: Gramm, W: Watt, V: Volt, J: Joule, N: Newton, Pa: Pascal, B: Byte, bit: Bit, Bit: Bit,
        Hz: Hertz, Ω: Ohm, Sv: Sievert, Bq: Becquerel
        """,
        NEUTER,
    ),
}
_PREFIXES = pairs(
    """
    k: Kilo, K: Kilo, M: Mega, G: Giga, T: Tera, P: Peta, h: Hekto, d: Dezi, c: Zenti, m: Milli,
    µ: Mikro, μ: Mikro, n: Nano, Ki: Kibi, Mi: Mebi, Gi: Gibi
    """
)
_SCALED = {
    f"{prefix}{base}": Noun(f"{word}{noun.one.lower()}", f"{word}{noun.many.lower()}", noun.form)
    for prefix, word in _PREFIXES.items()
    for base, noun in _BASES.items()
    if f"{prefix}{base}" != "TL"  # a teaspoon
}

UNITS = Units(
    exact={
        **_BASES,
        **_SCALED,
        **nouns(
            """
            m: Meter, km: Kilometer, Km: Kilometer, dm: Dezimeter, cm: Zentimeter, mm: Millimeter,
            µm: Mikrometer, μm: Mikrometer, nm: Nanometer, ft: Fuß, in: Zoll, ″: Zoll,
            m²: Quadratmeter, m2: Quadratmeter, qm: Quadratmeter, km²: Quadratkilometer,
            qkm: Quadratkilometer, cm²: Quadratzentimeter, mm²: Quadratmillimeter,
            m³: Kubikmeter, m3: Kubikmeter, cbm: Kubikmeter, cm³: Kubikzentimeter, ha: Hektar,
            Cent: Cent, Ct: Cent, ct: Cent, Tag: Tag/Tage, d: Tag/Tage, Mon: Monat/Monate,
            kn: Knoten, TL: Teelöffel, EL: Esslöffel, MP: Megapixel,
            bpm: Schlag pro Minute/Schläge pro Minute
            """,
            MASCULINE,
        ),
        **nouns(
            """
            h: Stunde/Stunden, Std: Stunde/Stunden, min: Minute/Minuten, Min: Minute/Minuten,
            s: Sekunde/Sekunden, sek: Sekunde/Sekunden, Sek: Sekunde/Sekunden,
            ms: Millisekunde/Millisekunden, t: Tonne/Tonnen, kWh: Kilowattstunde/Kilowattstunden,
            KWh: Kilowattstunde/Kilowattstunden, kwh: Kilowattstunde/Kilowattstunden,
            Wh: Wattstunde/Wattstunden, MWh: Megawattstunde/Megawattstunden,
            GWh: Gigawattstunde/Gigawattstunden, Ah: Amperestunde/Amperestunden,
            mAh: Milliamperestunde/Milliamperestunden, cal: Kalorie/Kalorien,
            kcal: Kilokalorie/Kilokalorien, PS: PS, atm: Atmosphäre/Atmosphären,
            U/min: Umdrehung pro Minute/Umdrehungen pro Minute, mi: Meile/Meilen,
            rpm: Umdrehung pro Minute/Umdrehungen pro Minute, oz: Unze/Unzen, cd: Candela,
            mph: Meile pro Stunde/Meilen pro Stunde
            """,
            FEMININE,
        ),
        **nouns(
            """
            °C: Grad Celsius, ° C: Grad Celsius, ºC: Grad Celsius, ℃: Grad Celsius,
            °F: Grad Fahrenheit, ° F: Grad Fahrenheit, ℉: Grad Fahrenheit, °: Grad, K: Kelvin,
            kg: Kilogramm, Kg: Kilogramm, g: Gramm, mg: Milligramm, lb: Pfund, lbs: Pfund,
            A: Ampere, mA: Milliampere, VA: Voltampere, kVA: Kilovoltampere, kWp: Kilowatt Peak,
            Bft: Beaufort,
            dB: Dezibel, dBA: Dezibel, dB(A): Dezibel, dBm: Dezibel Milliwatt, px: Pixel, bar: Bar,
            mbar: Millibar, lm: Lumen, lx: Lux, mmHg: Millimeter Quecksilber,
            fps: Bild pro Sekunde/Bilder pro Sekunde, ppm: Teil pro Million/Teile pro Million,
            ppb: Teil pro Milliarde/Teile pro Milliarde, Jahr: Jahr/Jahre
            """,
            NEUTER,
        ),
        **nouns(
            """
            Mbps: Megabit pro Sekunde, Gbps: Gigabit pro Sekunde, kbps: Kilobit pro Sekunde,
            kmh: Kilometer pro Stunde, l/100 km: Liter auf hundert Kilometer,
            l/100km: Liter auf hundert Kilometer
            """,
            NEUTER,
        ),
    },
    durations=pairs(
        """
        d: d, Tag: d, Tage: d, h: h, Std: h, Stunde: h, Stunden: h, min: min, Min: min,
        Minute: min, Minuten: min, s: s, sek: s, Sek: s, Sekunde: s, Sekunden: s, ms: ms
        """
    ),
    last=" und ",
    one_after="pro|je|jede|jeder|jedes|ein|eine|einen|einem|einer|der|die|das",
    per="{unit} pro {per}",
    percent="{number} Prozent",
    percents="Prozent",
    tight=frozenset(["ha", "mi", "d", "in", "cal", "cd", "ft"]),
)

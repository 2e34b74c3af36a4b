"""Units of measure in English."""

from dataclasses import replace

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs


def _regular(table: str) -> dict[str, Noun]:
    """Read symbols and singulars whose plural ends in s: `h: hour, d: day`."""
    return {sign: Noun(name, f"{name}s") for sign, name in pairs(table).items()}


_RATES = {
    f"{prefix}bps": Noun(f"{word}bit per second", f"{word}bits per second")
    for prefix, word in pairs("k: kilo, K: kilo, M: mega, m: mega, G: giga, T: tera").items()
}
_EXACT = {
    **dict.fromkeys(("°", "º", "deg"), Noun("degree", "degrees")),
    **dict.fromkeys(("°C", "° C", "ºC", "℃", "degC"), Noun("degree Celsius", "degrees Celsius")),
    **dict.fromkeys(
        ("°F", "° F", "ºF", "℉", "degF"), Noun("degree Fahrenheit", "degrees Fahrenheit")
    ),
    **_RATES,
    **_regular(
        """
        ms: millisecond, s: second, sec: second, secs: second, min: minute, mins: minute, h: hour,
        hr: hour, hrs: hour, d: day, wk: week, wks: week, mo: month, mos: month, yr: year,
        yrs: year, pcs: piece, mi: mile, yd: yard, yds: yard, ac: acre, ha: hectare, lb: pound,
        lbs: pound, oz: ounce, fl oz: fluid ounce, t: ton, gal: gallon, qt: quart, pt: pint,
        tbsp: tablespoon, Tbsp: tablespoon, tbsps: tablespoon,
        tsp: teaspoon, Tsp: teaspoon, tsps: teaspoon,
        kcal: kilocalorie, cal: calorie, kn: knot, kt: knot, kts: knot, A: amp,
        mA: milliamp, µA: microamp, Ah: amp hour, mAh: milliamp hour, VA: volt ampere,
        kVA: kilovolt ampere, kWp: kilowatt peak, kwh: kilowatt hour, KWh: kilowatt hour,
        kw: kilowatt, KW: kilowatt, dB: decibel, dBA: decibel, dBm: decibel milliwatt, px: pixel,
        MP: megapixel, pCi: picocurie, bar: bar, mbar: millibar, atm: atmosphere, lm: lumen,
        cd: candela
        """
    ),
    **nouns(
        """
        ppm: parts per million, ppb: parts per billion, K: kelvin, lx: lux, rpm: RPM, RPM: RPM,
        psi: P S I, pH: pH, bpm: beats per minute, mmHg: millimeters of mercury,
        inHg: inches of mercury, in: inch/inches, ″: inch/inches, ": inch/inches, ft: foot/feet,
        ′: foot/feet, ': foot/feet, st: stone, mph: mile per hour/miles per hour,
        m/s²: meter per second squared/meters per second squared,
        L/100 km: liter per hundred kilometers/liters per hundred kilometers,
        l/100 km: liter per hundred kilometers/liters per hundred kilometers,
        mpg: mile per gallon/miles per gallon, kph: kilometer per hour/kilometers per hour,
        kmh: kilometer per hour/kilometers per hour, bps: bit per second/bits per second,
        fps: frame per second/frames per second, mS: millisiemens, µS: microsiemens,
        hp: horsepower, cfm: cubic foot per minute/cubic feet per minute,
        CFM: cubic foot per minute/cubic feet per minute, BTU: B T U/B T Us,
        gpm: gallon per minute/gallons per minute, sq ft: square foot/square feet,
        sqft: square foot/square feet, ft2: square foot/square feet, cu ft: cubic foot/cubic feet,
        sq m: square meter/square meters, sqm: square meter/square meters,
        m2: square meter/square meters, km2: square kilometer/square kilometers,
        cm2: square centimeter/square centimeters, m3: cubic meter/cubic meters,
        cm3: cubic centimeter/cubic centimeters
        """
    ),
}

_BASES = {
    **_regular(
        """
        m: meter, g: gram, l: liter, L: liter, W: watt, Wh: watt hour, V: volt, J: joule,
        N: newton, Pa: pascal, B: byte, b: bit, bit: bit, mol: mole, Ω: ohm, Ohm: ohm
        """
    ),
    **nouns("Hz: hertz, Sv: sieverts, Bq: becquerels, var: var"),
}

US_UNITS = Units(
    exact=_EXACT,
    bases=_BASES,
    prefixes=pairs(
        """
        k: kilo, K: kilo, M: mega, G: giga, T: tera, P: peta, h: hecto, d: deci, c: centi,
        m: milli, µ: micro, μ: micro, u: micro, n: nano, Ki: kibi, Mi: mebi, Gi: gibi, Ti: tebi
        """
    ),
    durations=pairs(
        """
        d: d, day: d, days: d, h: h, hr: h, hrs: h, hour: h, hours: h, m: min, min: min,
        mins: min, minute: min, minutes: min, s: s, sec: s, secs: s, second: s, seconds: s, ms: ms
        """
    ),
    powers={"²": "square {unit}", "³": "cubic {unit}"},
    prefixed_only=frozenset(["B", "b", "N", "mol"]),
    tight=frozenset(["in", "A", "'", '"', "st", "t", "d", "b", "bar", "cal", "cd", "pt"]),
)


def _british(noun: Noun) -> Noun:
    one, many = (
        name.replace("meter", "metre").replace("liter", "litre") for name in (noun.one, noun.many)
    )
    return replace(noun, one=one, many=many)


GB_UNITS = replace(
    US_UNITS,
    tight=US_UNITS.tight - {"st"},
    exact={sign: _british(noun) for sign, noun in _EXACT.items()},
    bases={sign: _british(noun) for sign, noun in _BASES.items()},
)

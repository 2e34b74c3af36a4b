"""Shortened words and money in English."""

from wyoming_kokoro.text.normalize.locale import Currency, Money, Noun
from wyoming_kokoro.text.normalize.tables import pairs

CENTS = Noun("cent", "cents")
PENCE = Noun("penny", "pence")


def _decimal(major: str, minor: str = "cent/cents") -> Currency:
    one, _, many = major.partition("/")
    if not minor:
        return Currency(Noun(one, many or one))
    small, _, smalls = minor.partition("/")
    return Currency(Noun(one, many or one), Noun(small, smalls or small))


_DOLLARS = _decimal("dollar/dollars")
_EUROS = _decimal("euro/euros")
_POUNDS = _decimal("pound/pounds", "penny/pence")
_RUPEES = _decimal("rupee/rupees", "paisa/paise")
_YEN = _decimal("yen", "")
_AUSTRALIAN = _decimal("Australian dollar/Australian dollars")
_CANADIAN = _decimal("Canadian dollar/Canadian dollars")

MONEY = Money(
    signs={
        **dict.fromkeys(("$", "US$", "USD"), _DOLLARS),
        **dict.fromkeys(("€", "EUR"), _EUROS),
        **dict.fromkeys(("£", "GBP"), _POUNDS),
        **dict.fromkeys(("¥", "￥", "JPY"), _YEN),
        **dict.fromkeys(("₹", "INR"), _RUPEES),
        **dict.fromkeys(("A$", "AU$", "AUD"), _AUSTRALIAN),
        **dict.fromkeys(("C$", "CA$", "CAD"), _CANADIAN),
        **dict.fromkeys(("₿", "BTC"), _decimal("bitcoin/bitcoins", "")),
        **dict.fromkeys(("zł", "PLN"), _decimal("zloty/zlotys", "grosz/groszy")),
        "R$": _decimal("real/reais", "centavo/centavos"),
        "CHF": _decimal("Swiss franc/Swiss francs", "centime/centimes"),
        "CNY": _decimal("yuan", ""),
        "SEK": _decimal("Swedish krona/Swedish kronor", "öre"),
        "NOK": _decimal("Norwegian krone/Norwegian kroner", "øre"),
        "DKK": _decimal("Danish krone/Danish kroner", "øre"),
        "CZK": _decimal("Czech crown/Czech crowns", "haler/halers"),
    },
    minor_signs={"¢": CENTS},
    magnitudes={
        **dict.fromkeys(("k", "K", "thousand"), "thousand"),
        **dict.fromkeys(("M", "m", "mn", "million"), "million"),
        **dict.fromkeys(("B", "b", "bn", "billion"), "billion"),
        **dict.fromkeys(("T", "tn", "trillion"), "trillion"),
    },
)

ABBREVIATIONS = pairs(
    """
    Mr.: Mister, Mr: Mister, Mrs.: Missus, Mrs: Missus, Ms.: Miz, Dr.: Doctor, Dr: Doctor,
    Prof.: Professor, Rev.: Reverend, Hon.: Honorable, Gen.: General, Capt.: Captain,
    Lt.: Lieutenant, Sgt.: Sergeant, Col.: Colonel, Gov.: Governor, Sen.: Senator,
    Rep.: Representative, Jr.: Junior, Sr.: Senior, Inc.: Incorporated, Ltd.: Limited,
    Corp.: Corporation, Bros.: Brothers, Ave.: Avenue, Ave: Avenue, Blvd.: Boulevard,
    Blvd: Boulevard, Rd.: Road, Rd: Road, Hwy.: Highway, Hwy: Highway, Apt.: Apartment,
    Apt: Apartment, Mt.: Mount, Ft.: Fort, approx.: approximately, ca.: circa, vs.: versus,
    vs: versus, e.g.: for example, i.e.: that is, etc.: et cetera, cf.: compare,
    incl.: including, excl.: excluding, esp.: especially, resp.: respectively,
    dept.: department, govt.: government, temp.: temperature, min.: minimum, max.: maximum,
    avg.: average, est.: estimated, hrs.: hours, hr.: hour, mins.: minutes, secs.: seconds,
    tel.: telephone, fig.: figure, vol.: volume, w/o: without, w/: with, a/c: AC, A/C: AC,
    n/a: not applicable, N/A: not applicable
    """
)

ACRONYMS = pairs(
    """
    CO2: C O two, CO₂: C O two, eCO2: E C O two, PM1: PM one, PM2.5: PM two point five,
    PM10: PM ten, H2O: H two O, H₂O: H two O, NO2: N O two, NO₂: N O two, SO2: S O two,
    SO₂: S O two, O2: O two, O₂: O two, O3: O three, O₃: O three, N2: N two, CH4: C H four,
    CH₄: C H four, NH3: N H three, NH₃: N H three, 24/7: twenty four seven, 9/11: nine eleven,
    C++: C plus plus, C#: C sharp, F#: F sharp, OK: okay
    """
)

DIRECTIONS = pairs(
    """
    NW: northwest, NE: northeast, SW: southwest, SE: southeast, NNW: north northwest,
    NNE: north northeast, SSW: south southwest, SSE: south southeast, ENE: east northeast,
    ESE: east southeast, WNW: west northwest, WSW: west southwest
    """
)

"""Shortened words and money in English."""

from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
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
        **dict.fromkeys(("₺", "TRY"), _decimal("lira/lira", "kuruş")),
        **dict.fromkeys(("₽", "RUB"), _decimal("ruble/rubles", "kopek/kopeks")),
        **dict.fromkeys(("₩", "KRW"), _decimal("won", "")),
        **dict.fromkeys(("₪", "ILS"), _decimal("shekel/shekels", "agora/agorot")),
        **dict.fromkeys(("₴", "UAH"), _decimal("hryvnia", "")),
        **dict.fromkeys(("₱", "PHP"), _decimal("peso/pesos", "centavo/centavos")),
        **dict.fromkeys(("₫", "VND"), _decimal("dong", "")),
        **dict.fromkeys(("฿", "THB"), _decimal("baht", "satang")),
        **dict.fromkeys(("NZ$", "NZD"), _decimal("New Zealand dollar/New Zealand dollars")),
        **dict.fromkeys(("HK$", "HKD"), _decimal("Hong Kong dollar/Hong Kong dollars")),
        **dict.fromkeys(("S$", "SGD"), _decimal("Singapore dollar/Singapore dollars")),
        **dict.fromkeys(("MX$", "MXN"), _decimal("Mexican peso/Mexican pesos", "centavo/centavos")),
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
        **dict.fromkeys(("k", "K", "thousand"), Noun("thousand", "thousand")),
        **dict.fromkeys(("M", "m", "mn", "mil", "million"), Noun("million", "million")),
        **dict.fromkeys(("B", "b", "bn", "billion"), Noun("billion", "billion")),
        **dict.fromkeys(("T", "tn", "trillion"), Noun("trillion", "trillion")),
    },
)

ABBREVIATIONS = pairs(
    """
    Drs.: Doctors, Messrs.: Messers, jct: junction, Mr.: Mister, Mr: Mister, Mrs.: Missus,
    Mrs: Missus, Ms.: Miz, Dr.: Doctor, Dr: Doctor,
    Prof.: Professor, Rev.: Reverend, Hon.: Honorable, Gen.: General, Capt.: Captain,
    Lt.: Lieutenant, Sgt.: Sergeant, Col.: Colonel, Gov.: Governor, Sen.: Senator,
    Rep.: Representative, Jr.: Junior, Sr.: Senior, Inc.: Incorporated, Ltd.: Limited,
    Corp.: Corporation, Bros.: Brothers, Ave.: Avenue, Ave: Avenue, Blvd.: Boulevard,
    Blvd: Boulevard, Rd.: Road, Rd: Road, Hwy.: Highway, Hwy: Highway, Apt.: Apartment,
    Apt: Apartment, Sq.: Square, Ln.: Lane, Pl.: Place, Ct.: Court, Pkwy.: Parkway,
    Pkwy: Parkway, Bldg.: Building, Bldg: Building, Ste.: Suite, Jct.: Junction, jct.: junction,
    Gdns: Gardens, Gdns.: Gardens, Cres.: Crescent,
    Terr.: Terrace, Stn.: Station, Rte.: Route,
    Rte: Route, Rt.: Route,
    rm.: room, ave.: avenue, blvd.: boulevard, hwy.: highway, pkwy.: parkway, rd.: road,
    Rm: Room, Mt.: Mount, Ft.: Fort, approx.: approximately, ca.: circa, vs.: versus,
    vs: versus, e.g.: for example, i.e.: that is, etc.: et cetera, cf.: compare,
    bldg.: building, appt.: appointment, appts.: appointments, appt: appointment,
    fl.: floor, flr.: floor,
    assn.: association, assoc.: association, asst.: assistant, attn.: attention, cont.: continued,
    mgr.: manager, mgmt.: management, misc.: miscellaneous, pkg.: package, qty.: quantity,
    qty: quantity, intl.: international, int'l: international, univ.: university, dist.: district,
    reg.: regular, orig.: original, gov't: government, nat'l: national, cert.: certificate,
    incl.: including, excl.: excluding, esp.: especially, resp.: respectively,
    dept.: department, govt.: government, temp.: temperature, min.: minimum, max.: maximum,
    avg.: average, est.: estimated, hrs.: hours, hr.: hour, mins.: minutes, secs.: seconds,
    tel.: telephone, fig.: figure, vol.: volume, a/c: AC, A/C: AC,
    n/a: not applicable, N/A: not applicable, Ph.D.: P H D, Ph.D: P H D
    """
)

ACRONYMS = pairs(
    """
    CO2: C O two, CO₂: C O two, eCO2: E C O two, PM1: PM one, PM2.5: PM two point five,
    PM10: PM ten, H2O: H two O, H₂O: H two O, NO2: N O two, NO₂: N O two, SO2: S O two,
    SO₂: S O two, O2: O two, O₂: O two, O3: O three, O₃: O three, N2: N two, CH4: C H four,
    CH₄: C H four, NH3: N H three, NH₃: N H three, 24/7: twenty four seven, 50/50: fifty fifty,
    50-50: fifty fifty, WWI: World War one, WWII: World War two,
    9/11: nine eleven, H.264: H two six four, H.265: H two six five, C++: C plus plus,
    C#: C sharp, F#: F sharp, OK: okay, IMDb: I M D B, PSI: P S I, A$AP: Asap, Shh: Sh, shh: sh,
    Hmm: Hm, hmm: hm, ASP.NET: A S P dot net
    """
)

DIRECTIONS = pairs(
    """
    NW: northwest, NE: northeast, SW: southwest, SE: southeast, NNW: north northwest,
    NNE: north northeast, SSW: south southwest, SSE: south southeast, ENE: east northeast,
    ESE: east southeast, WNW: west northwest, WSW: west southwest
    """
)

NAME_WORDS = pairs(
    """
    tv: TV, hvac: HVAC, ac: AC, led: LED, usb: USB, nas: NAS, pc: PC, ups: UPS, ip: IP, api: API,
    cpu: CPU, gpu: GPU, ssd: SSD, uv: UV, mqtt: MQTT, dvd: DVD, tts: TTS, stt: STT, ha: HA,
    nfc: NFC, rgb: RGB, aqi: AQI, voc: VOC, gps: GPS, ev: EV, pv: PV, wifi: Wi-Fi,
    co2: C O two, pm25: PM two point five, pm10: PM ten, temp: temperature
    """
)

SIGNS = pairs(
    r"""
    =: equals, &: and, +: plus, ×: times, ÷: divided by, ±: plus or minus, <: is less than,
    >: is greater than, ≤: is at most, ≥: is at least, ≈: is approximately, ≠: is not equal to,
    √: the square root of, ∞: infinity, π: pi, °: degrees, @: at, ~: about, µ: micro, €: euros,
    £: pounds, $: dollars, ¥: yen, ¢: cents, §: section, ^: caret, \: backslash
    """
)

CODES = (
    r"pin|codes?|pass(?:word|code)|otp|pnr|extension|port|zip|post(?:al )?code|account|"
    r"routing|serial|"
    r"confirmation|order|track(?:ing)?|id|ticket|parcel|package|shipment|booking|reservation|reference|ref|"
    r"(?:gift |credit |debit |bank |library |loyalty |sim )?card(?= (?:number|no\b|ending))|"
    r"case(?= (?:number|no\b|#|\d+-\d|[A-Z\d-]*[A-Z]))|invoice|claim|policy|meeting|"
    r"licen[cs]e|plate|vin|imei|reg(?= (?:is|number|no\b|plate))|"
    r"(?:ni|national insurance|passport|member(?:ship)?|model|part|batch|chassis|registration|"
    r"loyalty|frequent flyer|insurance|tax|student|employee|badge|roll|file)(?= (?:number|no\b))|"
    r"iban|sku|voucher|coupon|customer|docket|(?:ending|ends) (?:in|with)|sort code"
)
"""What a code follows."""

LINKED = r"ups|usps|fedex|dhl|code|number|no\.?|is|to|was|set|id|plate|reads?|reference|key"

_CERTAINLY_ROMAN = r"(?:I?II|IV|VI{1,3}|IX|XI{1,3}|XI?V|XVI{1,3}|XI?X)"
COUNTED = (
    r"World War|[Cc]hapter|[Pp]art|[Vv]olume|[Aa]ct|[Ss]cene|[Tt]ype|[Pp]hase|[Ss]tage|[Ll]evel|"
    r"[Cc]lass|[Ss]ection|[Bb]ook|[Ee]pisode|[Aa]rticle|[Tt]itle|[Ff]igure|[Aa]ppendix|Super Bowl|"
    rf"[A-Z][a-z]{{2,12}}(?= {_CERTAINLY_ROMAN}(?!\w))"
)
"""What a Roman numeral numbers."""

RULERS = (
    r"Henry|Edward|George|Charles|James|William|Richard|Elizabeth|Mary|Louis|Philip|Philippe|"
    r"Napoleon|Frederick|Friedrich|Wilhelm|Alexander|Nicholas|Ivan|Peter|Catherine|Felipe|Carlos|"
    r"Juan|Alfonso|Leopold|Ramses|Ramesses|Cleopatra|Ptolemy|Christian|Gustav|Haakon|Harald|Olav|"
    r"Umberto|Victor Emmanuel|Franz Joseph|Pius|Leo|Benedict|John Paul|Innocent|Clement|Gregory|"
    r"Urban|Boniface|Sixtus|Julius|Otto|Rudolf|Ferdinand|Isabella|Pedro|Manuel|Darius|Xerxes|"
    r"Antiochus|Robert|David|Malcolm|Harold|Stephen|Baldwin|Margrethe|Beatrix|Thutmose|Amenhotep|"
    r"Suleiman|Mehmed|Selim|"
    r"(?:Pope|King|Queen|Emperor|Tsar)(?: [A-Z][a-z]{1,15}){1,2}"
)
"""Whom a Roman numeral puts in order."""

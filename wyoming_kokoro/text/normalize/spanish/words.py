"""Shortened words, letters and money in Spanish."""

import re

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.romance.rules import RomanceWords
from wyoming_kokoro.text.normalize.tables import pairs, words


def _currency(major: str, minor: str = "", form: str = "m") -> Currency:
    one, many = major.split("/")
    small = minor.split("/") if minor else None
    return Currency(Noun(one, many, form), Noun(small[0], small[1], "m") if small else None)


_EURO = _currency("euro/euros", "céntimo/céntimos")
_DOLLAR = _currency("dólar/dólares", "centavo/centavos")
_POUND = _currency("libra/libras", "penique/peniques", "f")
_PESO = "centavo/centavos"

MONEY = Money(
    signs={
        **dict.fromkeys(("€", "EUR", "eur"), _EURO),
        **dict.fromkeys(("$", "US$", "USD"), _DOLLAR),
        **dict.fromkeys(("£", "GBP"), _POUND),
        **dict.fromkeys(("¥", "JPY"), _currency("yen/yenes")),
        **dict.fromkeys(("₿", "BTC"), _currency("bitcoin/bitcoins")),
        **dict.fromkeys(("₹", "INR"), _currency("rupia/rupias", form="f")),
        **dict.fromkeys(("₺", "TRY"), _currency("lira/liras", form="f")),
        **dict.fromkeys(("₽", "RUB"), _currency("rublo/rublos")),
        **dict.fromkeys(("₩", "KRW"), _currency("won/wones")),
        **dict.fromkeys(("₪", "ILS"), _currency("séquel/séqueles")),
        "k€": _currency("mil euros/mil euros"),
        "CNY": _currency("yuan/yuanes"),
        "CHF": _currency("franco suizo/francos suizos", "céntimo/céntimos"),
        "R$": _currency("real/reales", "centavo/centavos"),
        "MXN": _currency("peso mexicano/pesos mexicanos", _PESO),
        "ARS": _currency("peso argentino/pesos argentinos", _PESO),
        "COP": _currency("peso colombiano/pesos colombianos", _PESO),
        "CLP": _currency("peso chileno/pesos chilenos"),
        "SEK": _currency("corona sueca/coronas suecas", form="f"),
        "NOK": _currency("corona noruega/coronas noruegas", form="f"),
        "DKK": _currency("corona danesa/coronas danesas", form="f"),
        "PLN": _currency("esloti/eslotis"),
    },
    minor_signs={"¢": Noun("centavo", "centavos", "m")},
    both="{major} con {minor}",
    magnitudes={
        **dict.fromkeys(("M", "mill.", "millón", "millones"), Noun("millón", "millones", "m")),
        **dict.fromkeys(("billón", "billones"), Noun("billón", "billones", "m")),
        "mil millones": Noun("mil millones", "mil millones", "m"),
    },
    of="{number} de {currency}",
)

ABBREVIATIONS = pairs(
    """
    Sr.: señor, Sra.: señora, Srta.: señorita, Sres.: señores, Sras.: señoras, Dr.: doctor,
    Dra.: doctora, Dres.: doctores, D.ª: doña, Dña.: doña, Jr.: Junior, Jr: Junior,
    C. P.: código postal,
    C.P.: código postal, Prof.: profesor, Profa.: profesora, Ing.: ingeniero, Lic.: licenciado,
    Gral.: general, Ud.: usted, Uds.: ustedes, Vd.: usted, Vds.: ustedes, Sto.: santo, Sta.: santa,
    Mr.: míster, EE. UU.: Estados Unidos, EE.UU.: Estados Unidos, EEUU: Estados Unidos,
    etc.: etcétera, p. ej.: por ejemplo, p.ej.: por ejemplo, pág.: página, págs.: páginas,
    tel.: teléfono, tfno.: teléfono, teléf.: teléfono, av.: avenida, avda.: avenida,
    ctra.: carretera, pza.: plaza, Plza.: plaza, Pza.: plaza, plza.: plaza, c/: calle,
    urb.: urbanización, izq.: izquierda,
    izda.: izquierda, dcha.: derecha, aprox.: aproximadamente, máx.: máximo, mín.: mínimo,
    temp.: temperatura, núm.: número, núms.: números, vs.: contra, vs: contra,
    a. C.: antes de Cristo, a.C.: antes de Cristo, d. C.: después de Cristo,
    d.C.: después de Cristo, S. A.: ese a, S.A.: ese a, S. L.: ese ele, S.L.: ese ele,
    Cía.: compañía, S. M.: Su Majestad, JJ. OO.: Juegos Olímpicos, incl.: incluido,
    RR. HH.: Recursos Humanos, RRHH: Recursos Humanos,
    m s. n. m.: metros sobre el nivel del mar, s. n. m.: sobre el nivel del mar,
    s.n.m.: sobre el nivel del mar,
    m.s.n.m.: metros sobre el nivel del mar, msnm: metros sobre el nivel del mar, Ltda.: limitada,
    dpto.: departamento, depto.: departamento,
    admón.: administración, ref.: referencia, art.: artículo, cap.: capítulo, vol.: volumen,
    fig.: figura, hab.: habitantes, pers.: personas, seg.: segundos, hrs.: horas,
    cdas.: cucharadas, cdtas.: cucharaditas, cda.: cucharada, cdta.: cucharadita,
    c/u: cada uno, s/n: sin número,
    N/A: no disponible, n/d: no disponible, q. e. p. d.: que en paz descanse, P. D.: posdata,
    P.D.: posdata
    """
)

ACRONYMS = pairs(
    """
    CO2: ce o dos, CO₂: ce o dos, eCO2: ce o dos equivalente, PM1: pe eme uno,
    PM2.5: pe eme dos coma cinco, PM₂.₅: pe eme dos coma cinco, PM10: pe eme diez, H2O: hache dos o,
    H₂O: hache dos o, NO2: ene o dos, NO₂: ene o dos, SO2: ese o dos, SO₂: ese o dos, O2: o dos,
    O₂: o dos, O3: o tres, O₃: o tres, N2: ene dos, CH4: ce hache cuatro, CH₄: ce hache cuatro,
    NH3: ene hache tres, NH₃: ene hache tres, 24/7: veinticuatro siete, C++: ce más más,
    C#: ce sostenido, Wi-Fi: wifi, WiFi: wifi, WIFI: wifi, WI-FI: wifi, IoT: i o te,
    A/A: aire acondicionado, A/C: aire acondicionado, OK: okey, Ok: okey, MP3: eme pe tres,
    MP4: eme pe cuatro
    """
) | {"PM2,5": "pe eme dos coma cinco"}

SPELLER = Speller(
    names=pairs(
        """
    a: a, b: be, c: ce, d: de, e: e, f: efe, g: ge, h: hache, i: i, j: jota, k: ka, l: ele,
    m: eme, n: ene, ñ: eñe, o: o, p: pe, q: cu, r: erre, s: ese, t: te, u: u, v: uve,
    w: uve doble, x: equis, y: i griega, z: zeta
    """
    ),
    vowels="aeiouáéíóú",
    readable=re.compile(
        r"(?:(?:qu|gu|ch|ll|[bcdfgpt][rl]|[bcdfghjklmnñprstvyz])?[aeiouáéíóú]{1,2}[nslrzm]?)+[dx]?"
    ),
    read=frozenset(
        words(
            """
        A AL DA DE DI EL EN ES ESO HA HE IR LA LE LO ME MI NI NO OS SE SI SÍ SU TE TU TÚ UN VA VE YA
        YO Y O U ON OFF OK STOP TEST EXIT HOME PLAY PLUS MUY HOY HAY REY LEY SOY DOY VOY SEAT HACS
            NIF CIF RAE SIM PIN
        """
        )
    ),
    spelled=frozenset(words("SOS EUA UCI UEM AEG AEE UAB AUX ESA IES IAE")),
)

WORDS = RomanceWords(
    days={"mar": "martes"},
    before_year=" de ",
    between="entre",
    conjunction="y",
    centuries={"s.": "siglo", "S.": "siglo", "ss.": "siglos"},
    codes=(
        r"códigos?|pin|contraseña|clave|extensión|(?<!he )(?<!ha )(?<!hemos )pedido|localizador|"
        r"matrícula|c\.\s?p\.|cp|seguimiento|reserva|referencia|cuenta(?= (?:número|bancaria|n))|"
        r"terminad[ao] en|acabad[ao] en|termina en|paquete|envío|expediente|factura|"
        r"iban|otp|pnr|vuelo|id|dni|"
        r"número de (?:serie|cliente|socio|cuenta|tarjeta|reunión|pedido|orden)|orden número"
    ),
    linked=r"postal|pin|es|el|la|número|n\.?º|de\s[^\W\d]{2,15}",
    each=pairs(
        """
        día: al día, mes: al mes, año: al año, semana: a la semana, noche: por noche,
        hora: por hora, persona: por persona, unidad: por unidad
        """
    ),
    hundred="a los cien kilómetros",
    windward=r"del|al|[Ee]l|[Vv]ientos?|dirección|rumbo|componente",
    compass=pairs(
        """
    N: norte, S: sur, E: este, O: oeste, W: oeste, NE: noreste, NO: noroeste, NW: noroeste,
    SE: sureste, SO: suroeste, SW: suroeste, NNE: nornoreste, ENE: estenoreste, ESE: estesureste,
    SSE: sursureste, SSO: sursuroeste, SSW: sursuroeste, OSO: oestesuroeste, WSW: oestesuroeste,
    ONO: oestenoroeste, WNW: oestenoroeste, NNO: nornoroeste, NNW: nornoroeste
    """
    ),
    page="página",
    last_ordinal=10,
    extremes="a",
    height="",
    pointed_units="h|min|seg|kg|km|kcal",
    millions="mill[oó]n(?:es)?",
    of="de",
    measures=(
        r"tazas?|vasos?|cucharad(?:it)?as?|litros?|kilos?|gramos?|horas?|minutos?|vueltas?|metros?|"
        r"cebollas?|manzanas?|limón|botellas?|barras?|dosis|pizzas?|depósito|mililitros?"
    ),
    seconds="segundos",
    minutes="minutos",
    parts=pairs(
        "cap.: capítulo, caps.: capítulos, vol.: volumen, fig.: figura, sec.: sección, art.: "
        "artículo,"
        " pág.: página, págs.: páginas, núm.: número, t.: tomo, esc.: escena"
    ),
    hearted="te|os|lo|la|yo|nos",
)

"""Shortened words, letters and money in Italian."""

import re

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.romance.rules import RomanceWords
from wyoming_kokoro.text.normalize.tables import pairs, words


def _currency(major: str, minor: str = "", form: str = "m") -> Currency:
    one, many = major.split("/")
    small = minor.split("/") if minor else None
    return Currency(Noun(one, many, form), Noun(small[0], small[1], "m") if small else None)


_CENT = "centesimo/centesimi"

MONEY = Money(
    signs={
        **dict.fromkeys(("€", "EUR", "eur"), _currency("euro/euro", _CENT)),
        **dict.fromkeys(("$", "US$", "USD"), _currency("dollaro/dollari", _CENT)),
        **dict.fromkeys(("£", "GBP"), _currency("sterlina/sterline", "penny/pence", "f")),
        **dict.fromkeys(("¥", "JPY"), _currency("yen/yen", form="z")),
        **dict.fromkeys(("₿", "BTC"), _currency("bitcoin/bitcoin")),
        **dict.fromkeys(("₹", "INR"), _currency("rupia/rupie", form="f")),
        **dict.fromkeys(("₺", "TRY"), _currency("lira/lire", form="f")),
        **dict.fromkeys(("₽", "RUB"), _currency("rublo/rubli")),
        **dict.fromkeys(("₩", "KRW"), _currency("won/won")),
        **dict.fromkeys(("₪", "ILS"), _currency("shekel/shekel")),
        "k€": _currency("mila euro/mila euro"),
        "CNY": _currency("yuan/yuan", form="z"),
        "CHF": _currency("franco svizzero/franchi svizzeri", _CENT),
        "R$": _currency("real/real", "centavo/centavos"),
        "SEK": _currency("corona svedese/corone svedesi", form="f"),
        "NOK": _currency("corona norvegese/corone norvegesi", form="f"),
        "DKK": _currency("corona danese/corone danesi", form="f"),
        "CZK": _currency("corona ceca/corone ceche", form="f"),
        "PLN": _currency("zloty/zloty", form="z"),
    },
    minor_signs={"¢": Noun("centesimo", "centesimi", "m")},
    both="{major} e {minor}",
    magnitudes={
        **dict.fromkeys(("M", "mln", "Mln", "milione", "milioni"), Noun("milione", "milioni", "m")),
        **dict.fromkeys(
            ("mld", "Mld", "mrd", "miliardo", "miliardi"), Noun("miliardo", "miliardi", "m")
        ),
    },
    of="{number} di {currency}",
)

ABBREVIATIONS = pairs(
    """
    Jr.: Junior, Jr: Junior, Sig.: signor, Sig.ra: signora, Sig.na: signorina, Sigg.: signori,
    Sig.re: signore,
    Dott.: dottor, Dott.ssa: dottoressa, Dr.: dottor, Dr.ssa: dottoressa, Prof.: professor,
    Prof.ssa: professoressa, Ing.: ingegner, Avv.: avvocato, Arch.: architetto, Geom.: geometra,
    On.: onorevole, Rag.: ragionier, Egr.: egregio, Gent.ma: gentilissima, Spett.: spettabile,
    dott.: dottor, dott.ssa: dottoressa, prof.: professor, prof.ssa: professoressa, sig.: signor,
    sig.ra: signora, sig.na: signorina, incl.: incluso, ing.: ingegner, avv.: avvocato,
    ecc.: eccetera,
    etc.: eccetera,
    ad es.: ad esempio, per es.: per esempio, es.: esempio, p.es.: per esempio, p. es.: per esempio,
    pag.: pagina, pagg.: pagine, tel.: telefono, cell.: cellulare, v.le: viale, p.za: piazza,
    p.zza: piazza, c.so: corso, ca.: circa, max: massimo, max.: massimo, temp.: temperatura,
    approx.: circa, a.C.: avanti Cristo, a. C.: avanti Cristo, d.C.: dopo Cristo,
    d. C.: dopo Cristo, art.: articolo, cap.: capitolo, vol.: volume, fig.: figura, vs.: contro,
    vs: contro, S.p.A.: esse pi a, SpA: esse pi a, S.r.l.: esse erre elle, Srl: esse erre elle,
    N/D: non disponibile, n/d: non disponibile, n.d.: non disponibile, U.S.A.: USA,
    U.E.: Unione Europea, km².: chilometri quadrati, c/o: presso, P.S.: post scriptum,
    sec.: secondi, gg.: giorni, abit.: abitanti, ab.: abitanti, int.: interno, rif.: riferimento,
    s.l.m.: sul livello del mare
    """
)

ACRONYMS = pairs(
    """
    CO2: ci o due, CO₂: ci o due, eCO2: ci o due equivalente, PM1: pi emme uno,
    PM2.5: pi emme due virgola cinque, PM₂.₅: pi emme due virgola cinque, PM10: pi emme dieci,
    H2O: acca due o, H₂O: acca due o, NO2: enne o due, NO₂: enne o due, SO2: esse o due,
    SO₂: esse o due, O2: o due, O₂: o due, O3: o tre, O₃: o tre, N2: enne due, CH4: ci acca quattro,
    CH₄: ci acca quattro, NH3: enne acca tre, NH₃: enne acca tre, 24/7: ventiquattro sette,
    C++: ci più più, C#: ci sharp, WIFI: wifi, WI-FI: wifi, IoT: i o ti, A/C: aria condizionata,
    MP3: emme pi tre, MP4: emme pi quattro
    """
) | {"PM2,5": "pi emme due virgola cinque"}

SPELLER = Speller(
    names=pairs(
        """
    a: a, b: bi, c: ci, d: di, e: e, f: effe, g: gi, h: acca, i: i, j: i lunga, k: cappa, l: elle,
    m: emme, n: enne, o: o, p: pi, q: cu, r: erre, s: esse, t: ti, u: u, v: vu, w: vu doppia,
    x: ics, y: ipsilon, z: zeta
    """
    ),
    vowels="aeiouàèéìòù",
    readable=re.compile(
        r"(?:(?:qu|gn|gl|ch|gh|sc|s?[bcdfgptv][rl]?|[bcdfghlmnprstvz])?[aeiouàèéìòù]{1,3}[nslrm]?)+[dv]?"
    ),
    read=frozenset(
        words(
            """
        A AD AL CI DA DI E ED È FA GLI HA HAI HO I IL IN IO LA LE LO LÀ LÌ MA MI NE NO O ON OFF OK
        SA SE SI SÌ STA STO SU SÙ TI TU UN VA VI ASL INPS SPID TEST EXIT STOP HOME TEST PLAY SMART
        CAP CHE CHI CON NON PER DEL DAL NEL SUL HACS
        """
        )
    ),
    spelled=frozenset(words("SOS UEM UCI AEG EUA IEO")),
)

WORDS = RomanceWords(
    days={"mar": "martedì", "mer": "mercoledì", "ven": "venerdì"},
    before_year=" ",
    between="tra|fra",
    conjunction="e",
    centuries={"sec.": "secolo", "secc.": "secoli"},
    codes=(
        "codic[ei]|pin|password|interno|ordine|cap|otp|pnr|iban|prenotazione|spedizione|pacco|"
        "volo|pratica|fattura|riferimento|tracciamento|targa|(?:termina|finisce|terminante) con|"
        "numero di (?:serie|conto|carta|cliente|tessera)|numero d['’]ordine"
    ),
    linked=r"postale|pin|è|il|la|numero|n\.?º|n°|nr\.|n\.|di\s[^\W\d]{2,15}",
    each=pairs(
        """
        giorno: al giorno, min: al minuto, mese: al mese, anno: all'anno, settimana: alla settimana,
        notte: a notte, ora: all'ora, h: all'ora, persona: a persona
        """
    ),
    hundred="per cento chilometri",
    windward="da|dal|verso|[Vv]ent[oi]|direzione",
    compass=pairs(
        """
    N: nord, S: sud, E: est, O: ovest, W: ovest, NE: nord-est, NO: nord-ovest, NW: nord-ovest,
    SE: sud-est, SO: sud-ovest, SW: sud-ovest, NNE: nord-nord-est, ENE: est-nord-est,
    ESE: est-sud-est, SSE: sud-sud-est, SSO: sud-sud-ovest, SSW: sud-sud-ovest,
    OSO: ovest-sud-ovest, WSW: ovest-sud-ovest, ONO: ovest-nord-ovest, WNW: ovest-nord-ovest,
    NNO: nord-nord-ovest, NNW: nord-nord-ovest
    """
    ),
    page="pagina",
    last_ordinal=89,
    extremes="e",
    height="e ",
    pointed_units="h|min|sec|kg|km|kcal",
    millions="milion[ei]|miliard[oi]",
    of="di",
    measures=(
        r"tazz[ae]|tazzin[ae]|cucchiai[oai]?|cucchiain[oi]|bicchier[ei]|litr[oi]|chil[oi]|grammi|"
        r"or[ae]|minuti|gir[oi]|metr[oi]|cipoll[ae]|mel[ae]|limon[ei]|bottigli[ae]|bustin[ae]|"
        r"pizz[ae]"
    ),
    seconds="secondi",
    minutes="minuti",
    parts=pairs(
        "cap.: capitolo, capp.: capitoli, vol.: volume, fig.: figura, sez.: sezione, art.: "
        "articolo,"
        " pag.: pagina, pagg.: pagine, t.: tomo, sc.: scena"
    ),
    hearted="ti|vi|io|lo|la",
)

"""Shortened words, letters and money in German."""

import re

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.german.gender import FEMININE, MASCULINE, NEUTER
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.tables import pairs, words


def _currency(major: str, minor: str = "", form: str = MASCULINE) -> Currency:
    one, _, many = major.partition("/")
    small = Noun(minor, minor, MASCULINE) if minor else None
    return Currency(Noun(one, many or one, form), small)


MONEY = Money(
    signs={
        **dict.fromkeys(("€", "EUR", "Euro", "euro"), _currency("Euro", "Cent")),
        **dict.fromkeys(("$", "US$", "USD", "Dollar"), _currency("Dollar", "Cent")),
        **dict.fromkeys(("£", "GBP"), _currency("Pfund", "Pence", NEUTER)),
        **dict.fromkeys(("¥", "JPY"), _currency("Yen")),
        **dict.fromkeys(("₿", "BTC"), _currency("Bitcoin")),
        **dict.fromkeys(("₹", "INR"), _currency("Rupie/Rupien", form=FEMININE)),
        **dict.fromkeys(("₺", "TRY"), _currency("Lira", form=FEMININE)),
        **dict.fromkeys(("₽", "RUB"), _currency("Rubel")),
        **dict.fromkeys(("₩", "KRW"), _currency("Won")),
        **dict.fromkeys(("CHF", "SFr.", "Fr."), _currency("Franken", "Rappen")),
        "CNY": _currency("Yuan"),
        **dict.fromkeys(("PLN", "zł"), _currency("Zloty")),
        "CZK": _currency("tschechische Krone/tschechische Kronen", form=FEMININE),
        "SEK": _currency("schwedische Krone/schwedische Kronen", form=FEMININE),
        "NOK": _currency("norwegische Krone/norwegische Kronen", form=FEMININE),
        "DKK": _currency("dänische Krone/dänische Kronen", form=FEMININE),
    },
    minor_signs={"¢": Noun("Cent", "Cent", MASCULINE)},
    both="{major} und {minor}",
    magnitudes={
        **dict.fromkeys(
            ("M", "Mio.", "Mio", "Million", "Millionen"), Noun("Million", "Millionen", FEMININE)
        ),
        **dict.fromkeys(
            ("Mrd.", "Mrd", "Milliarde", "Milliarden"), Noun("Milliarde", "Milliarden", FEMININE)
        ),
        **dict.fromkeys(("Tsd.", "Tsd", "T", "k"), Noun("tausend", "tausend", NEUTER)),
    },
    of="{number} {currency}",
)

ABBREVIATIONS = pairs(
    """
    z. B.: zum Beispiel, z.B.: zum Beispiel, z. Bsp.: zum Beispiel, Bsp.: Beispiel,
    d. M.: dieses Monats, d. J.: dieses Jahres, z. Zt.: zurzeit, z. Z.: zurzeit,
    i. A.: im Auftrag, d. h.: das heißt, d.h.: das heißt, u. a.: unter anderem, u.a.: unter anderem,
    u. U.: unter Umständen, u.U.: unter Umständen, i. d. R.: in der Regel,
    i.d.R.: in der Regel, v. a.: vor allem, v.a.: vor allem, z. T.: zum Teil, z.T.: zum Teil,
    o. Ä.: oder Ähnliches, o.Ä.: oder Ähnliches, u. Ä.: und Ähnliches, u.Ä.: und Ähnliches,
    s. o.: siehe oben, s. u.: siehe unten, m. E.: meines Erachtens,
    e. V.: eh vau, e.V.: eh vau, n. Chr.: nach Christus, v. Chr.: vor Christus,
    u. s. w.: und so weiter, usw.: und so weiter, usf.: und so fort, etc.: et cetera,
    bzw.: beziehungsweise, bspw.: beispielsweise, ca.: circa, evtl.: eventuell,
    ggf.: gegebenenfalls, inkl.: inklusive, exkl.: exklusive, zzgl.: zuzüglich,
    abzgl.: abzüglich, einschl.: einschließlich, insb.: insbesondere, insg.: insgesamt,
    allg.: allgemein, vgl.: vergleiche, sog.: sogenannte, bes.: besonders, gem.: gemäß,
    max.: maximal, mind.: mindestens, durchschn.: durchschnittlich, tägl.: täglich,
    Nr.: Nummer, Nrn.: Nummern, Str.: Straße, Pl.: Platz, Tel.: Telefon, Temp.: Temperatur,
    Dr.: Doktor, Prof.: Professor, Dipl.: Diplom, Ing.: Ingenieur, Hr.: Herr, Hrn.: Herrn,
    Fr.: Frau, Frl.: Fräulein, Fam.: Familie, Jr.: Junior, St.: Sankt, Hbf.: Hauptbahnhof,
    Hbf: Hauptbahnhof, Bhf.: Bahnhof, Kap.: Kapitel, Abb.: Abbildung, Bd.: Band, Abs.: Absatz,
    Art.: Artikel, Aufl.: Auflage, Anm.: Anmerkung, Std.: Stunden, Min.: Minuten,
    Sek.: Sekunden, Mio.: Millionen, Mrd.: Milliarden, Tsd.: tausend, Jh.: Jahrhundert,
    Jhd.: Jahrhundert, geb.: geboren, gest.: gestorben, verh.: verheiratet, Stk.: Stück,
    Pkt.: Punkt, EL: Esslöffel, TL: Teelöffel, MwSt.: Mehrwertsteuer, MwSt: Mehrwertsteuer,
    Whg.: Wohnung, Zi.: Zimmer, Okt.: Oktober, vs.: gegen, App.: Apparat, ü. d. M.: über dem Meer,
    km/h: Kilometer pro Stunde
    """
)

ACRONYMS = pairs(
    """
    CO2: zeh oh zwei, CO₂: zeh oh zwei, PM2.5: peh emm zwei Komma fünf, PM10: peh emm zehn,
    PM1: peh emm eins, H2O: hah zwei oh, H₂O: hah zwei oh, NO2: enn oh zwei, O2: oh zwei,
    O3: oh drei, 24/7: rund um die Uhr, C++: zeh plus plus, WLAN: Wehlan, IoT: ih oh teh,
    MP3: emm peh drei, MP4: emm peh vier, GmbH: geh emm beh hah, PKW: peh kah weh, Pkw: peh kah weh,
    LKW: ell kah weh, Lkw: ell kah weh, KFZ: kah eff zett, Kfz: kah eff zett, WiFi: Waifai,
    EG: Erdgeschoss, OG: Obergeschoss, UG: Untergeschoss, DG: Dachgeschoss,
    WIFI: Waifai, Wi-Fi: Waifai
    """
) | {"PM2,5": "peh emm zwei Komma fünf"}

SPELLER = Speller(
    names=pairs(
        """
        a: ah, b: beh, c: zeh, d: deh, e: eh, f: eff, g: geh, h: hah, i: ih, j: jott, k: kah,
        l: ell, m: emm, n: enn, o: oh, p: peh, q: kuh, r: err, s: ess, t: teh, u: uh, v: vau,
        w: weh, x: icks, y: ypsilon, z: zett, ä: äh, ö: öh, ü: üh
        """
    ),
    vowels="aeiouyäöü",
    readable=re.compile(
        r"(?:[bcdfghjklmnprstvwz]{0,2}[aeiouäöü]{1,2}){2,3}[bcdfghklmnprstz]?"
        r"|[bdfghklmnprstwz][aeou][lmnr]"
    ),
    read=frozenset(
        words(
            """
            AB AM AN AUF AUS BEI BIS DA DAS DEM DEN DER DES DIE DU ER ES FÜR GUT HALLO ICH IHR IM IN
            IST JA MIT NEIN NICHT NUR OB ODER OFF OK ON PIN SIE SO TÜR UM UND UNS VOM VON VOR WAR
            WAS WIE WIR WO ZU ZUM ZUR NATO SIM RAM LAN TAN BIP ALDI IKEA HACS STOP AUTO NOCH
            AUCH NEU ALT
            """
        )
    ),
    spelled=frozenset(words("ADAC ICE LED USA EDV EKG AEG BGB UKW AOK EU UNO ADS OSI ISO URL API")),
)

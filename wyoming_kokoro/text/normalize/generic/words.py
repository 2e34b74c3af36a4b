"""The few words of languages without rules of their own that CLDR does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wyoming_kokoro.text.normalize.tables import pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What joins numbers, and what is shortened. A word that is "" is left out."""

    to: str = ""
    """Between the ends of a range."""

    of: str = ""
    """Between a rating and its best: "fem av tio"."""

    times: str = ""
    plus: str = "plus"
    equals: str = ""
    dot: str = ""
    at: str = ""
    slash: str = ""
    number: str = ""
    """Of `#5`."""

    hour: str = ""
    """After the hours of a time, where it is said."""

    cent: str = ""
    """The hundredth of euros and dollars, one and many."""

    local: Mapping[str, str] = field(default_factory=dict)
    """By sign or code: what people call their own money, and its hundredth: `krona/kronor/öre`."""

    other: frozenset[str] = frozenset()
    """Symbols of units whose gender is not the usual one."""

    ordinal_signs: tuple[str, ...] = ()
    ordinal_days: bool = False
    """Whether the day of a date is an ordinal, though no point says so."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)


_GRAMS = frozenset(["g", "kg", "mg", "µg", "ton", "t", "lb", "d"])

WORDS = {
    "sv": Words(
        to="till",
        of="av",
        times="gånger",
        equals="är lika med",
        dot="punkt",
        at="snabel a",
        slash="snedstreck",
        number="nummer",
        cent="cent/cent",
        local={"kr": "krona/kronor/öre", "SEK": "krona/kronor/öre"},
        other=_GRAMS,
        ordinal_signs=(":e", ":a"),
        ordinal_days=True,
        abbreviations=pairs(
            """
            t.ex.: till exempel, t ex: till exempel, bl.a.: bland annat, osv.: och så vidare,
            dvs.: det vill säga, m.m.: med mera, ca: cirka, ca.: cirka, kl.: klockan, nr: nummer,
            nr.: nummer, tel.: telefon, max.: maximalt, min.: minst, s.k.: så kallade
            """
        ),
    ),
    "nl": Words(
        to="tot",
        of="van de",
        times="keer",
        equals="is",
        dot="punt",
        at="apenstaartje",
        slash="schuine streep",
        number="nummer",
        hour="uur",
        cent="cent/cent",
        ordinal_signs=("e", "ste", "de"),
        abbreviations=pairs(
            """
            bijv.: bijvoorbeeld, bv.: bijvoorbeeld, d.w.z.: dat wil zeggen, enz.: enzovoort,
            o.a.: onder andere, nr.: nummer, nrs.: nummers, ca.: circa, dhr.: de heer,
            mevr.: mevrouw, mw.: mevrouw, m.b.t.: met betrekking tot, i.p.v.: in plaats van,
            max.: maximaal, min.: minimaal, tel.: telefoon, dr.: dokter, incl.: inclusief,
            excl.: exclusief, a.u.b.: alstublieft
            """
        ),
    ),
    "da": Words(
        to="til",
        of="ud af",
        times="gange",
        dot="punktum",
        at="snabel a",
        number="nummer",
        cent="cent/cent",
        local={"kr": "krone/kroner/øre", "kr.": "krone/kroner/øre", "DKK": "krone/kroner/øre"},
        other=_GRAMS,
        abbreviations=pairs(
            """
            f.eks.: for eksempel, osv.: og så videre, bl.a.: blandt andet, dvs.: det vil sige,
            ca.: cirka, kl.: klokken, nr.: nummer, mv.: med videre
            """
        ),
    ),
    "no": Words(
        to="til",
        of="av",
        times="ganger",
        dot="punktum",
        at="krøllalfa",
        number="nummer",
        cent="cent/cent",
        local={"kr": "krone/kroner/øre", "NOK": "krone/kroner/øre"},
        other=_GRAMS,
        abbreviations=pairs(
            """
            f.eks.: for eksempel, osv.: og så videre, bl.a.: blant annet, dvs.: det vil si,
            ca.: cirka, kl.: klokken, nr.: nummer
            """
        ),
    ),
    "fi": Words(
        dot="piste",
        at="ät",
        abbreviations=pairs(
            """
            esim.: esimerkiksi, jne.: ja niin edelleen, n.: noin, klo: kello, mm.: muun muassa,
            nro: numero, eli.: eli, ns.: niin sanottu
            """
        ),
    ),
    "pl": Words(
        to="do",
        of="na",
        times="razy",
        dot="kropka",
        at="małpa",
        number="numer",
        local={"zł": "złoty/złotych", "PLN": "złoty/złotych"},
        abbreviations=pairs(
            """
            np.: na przykład, itd.: i tak dalej, m.in.: między innymi, ok.: około, nr: numer,
            godz.: godzina, tj.: to jest, tzn.: to znaczy, tel.: telefon, ul.: ulica
            """
        ),
    ),
    "cs": Words(
        to="až",
        of="z",
        times="krát",
        dot="tečka",
        at="zavináč",
        number="číslo",
        abbreviations=pairs(
            """
            např.: například, atd.: a tak dále, tj.: to jest, č.: číslo, cca: cirka, cca.: cirka,
            hod.: hodin, tel.: telefon
            """
        ),
    ),
    "pt_PT": Words(
        to="a",
        of="em",
        times="vezes",
        equals="igual a",
        dot="ponto",
        at="arroba",
        slash="barra",
        number="número",
        hour="horas e",
        cent="cêntimo/cêntimos",
        ordinal_signs=("º", ".º", "ª", ".ª"),
        abbreviations=pairs(
            """
            p. ex.: por exemplo, p.ex.: por exemplo, etc.: et cetera, n.º: número, Sr.: senhor,
            Sra.: senhora, Dr.: doutor, Dra.: doutora, aprox.: aproximadamente, tel.: telefone
            """
        ),
    ),
}
WORDS["nb"] = WORDS["nn"] = WORDS["no"]

NO_WORDS = Words()

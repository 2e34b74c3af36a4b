"""Shortened words, signs and money in French."""

import re
from string import ascii_lowercase

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE, regular
from wyoming_kokoro.text.normalize.romance.rules import RomanceWords
from wyoming_kokoro.text.normalize.tables import nouns, pairs, words


def _money(major: str, minor: str = "centime/centimes", form: str = "") -> Currency:
    names = nouns(f"major: {major}", form) | (nouns(f"minor: {minor}") if minor else {})
    return Currency(names["major"], names.get("minor"))


_EUROS = _money("euro/euros")
_YEN = Currency(Noun("yen", "yens"))
_MILLION = Noun("million de", "millions de")
_BILLION = Noun("milliard de", "milliards de")

MONEY = Money(
    signs={
        **dict.fromkeys(("€", "EUR"), _EUROS),
        **dict.fromkeys(("$", "US$", "USD"), _money("dollar/dollars", "cent/cents")),
        **dict.fromkeys(
            ("£", "GBP"), _money("livre sterling/livres sterling", "penny/pence", FEMININE)
        ),
        **dict.fromkeys(("¥", "￥", "JPY"), _YEN),
        **dict.fromkeys(("CHF", "Fr."), _money("franc suisse/francs suisses")),
        **dict.fromkeys(("₹", "INR"), _money("roupie/roupies", "paisa/paisas", FEMININE)),
        **dict.fromkeys(
            ("C$", "$CA", "$ CA", "CAD"), _money("dollar canadien/dollars canadiens", "cent/cents")
        ),
        **dict.fromkeys(("₿", "BTC"), _money("bitcoin/bitcoins", "")),
        **dict.fromkeys(("₺", "TRY"), _money("livre turque/livres turques", form=FEMININE)),
        **dict.fromkeys(("₽", "RUB"), _money("rouble/roubles", "kopeck/kopecks")),
        **dict.fromkeys(("₩", "KRW"), _money("won/wons", "")),
        **dict.fromkeys(("₪", "ILS"), _money("shekel/shekels", "agora/agoras")),
        "R$": _money("real/reais", "centavo/centavos"),
        "CNY": Currency(Noun("yuan", "yuans")),
        "FCFA": Currency(Noun("franc CFA", "francs CFA")),
    },
    minor_signs=regular("¢: cent, ct: centime, cts: centime, c€: centime"),
    both="{major} et {minor}",
    magnitudes={
        "k": Noun("mille", "mille"),
        **dict.fromkeys(("M", "million", "millions"), _MILLION),
        **dict.fromkeys(("Md", "Mds", "Mrd", "Mrds", "milliard", "milliards"), _BILLION),
    },
)

ABBREVIATIONS = pairs(
    """
    N.-D.: Notre-Dame, N-D: Notre-Dame,
    Jr.: Junior, Jr: Junior, MM.: messieurs, Mr: monsieur, Mr.: monsieur, Mme: madame, Mme.: madame,
    Mmes: mesdames, Mlle: mademoiselle, Mlles: mesdemoiselles, Dr: docteur, Dr.: docteur,
    Dre: docteure, Pr: professeur, Pr.: professeur, Prof.: professeur, St: saint, Ste: sainte,
    St-: saint-, Ste-: sainte-, av.: avenue, bd: boulevard, bd.: boulevard, boul.: boulevard,
    blvd: boulevard, pl.: place, rte: route, appt: appartement,
    appt.: appartement, bât.: bâtiment, n°: numéro, nº: numéro, tél.: téléphone,
    p. ex.: par exemple, p.ex.: par exemple, par ex.: par exemple, ex. :: exemple :, ex.:: exemple:,
    c.-à-d.: c'est-à-dire, c.à.d.: c'est-à-dire, càd: c'est-à-dire, c-à-d: c'est-à-dire,
    etc.: et cetera, etc: et cetera, env.: environ, approx.: approximativement, min.: minimum,
    max.: maximum, moy.: moyenne, temp.: température, vs: versus, vs.: versus,
    cf.: voir, cf: voir, réf.: référence, nb: nombre, nbre: nombre, qté: quantité,
    rdv: rendez-vous, svp: s'il vous plaît, stp: s'il te plaît, s.v.p.: s'il vous plaît,
    RDV: rendez-vous, SVP: s'il vous plaît, RdV: rendez-vous, Cie: compagnie, dép.: département,
    chap.: chapitre, incl.: inclus, art.: article, ét.: étage, hab.: habitants, vol.: volume,
    fig.: figure,
    éd.: édition, ext.: extérieur, int.: intérieur,
    rdc: rez-de-chaussée, RDC: rez-de-chaussée, RdC: rez-de-chaussée,
    av. J.-C.: avant Jésus-Christ, apr. J.-C.: après Jésus-Christ, bcp: beaucoup, qq: quelques,
    qqch: quelque chose, qqn: quelqu'un, sdb: salle de bain,
    SdB: salle de bain, SDB: salle de bain, wifi: Wi-Fi, wi-fi: Wi-Fi, WIFI: Wi-Fi, WiFi: Wi-Fi
    """
)

ACRONYMS = pairs(
    """
    CO2: CO deux, CO₂: CO deux, eCO2: E CO deux, PM1: PM un, PM10: PM dix,
    H2O: H deux O, H₂O: H deux O, NO2: NO deux, NO₂: NO deux, SO2: SO deux, SO₂: SO deux,
    O2: O deux, O₂: O deux, O3: O trois, O₃: O trois, N2: N deux, CH4: CH quatre, CH₄: CH quatre,
    NH3: NH trois, NH₃: NH trois, 24h/24: vingt-quatre heures sur vingt-quatre,
    24 h/24: vingt-quatre heures sur vingt-quatre, 24/24: vingt-quatre heures sur vingt-quatre,
    7j/7: sept jours sur sept, 7 j/7: sept jours sur sept, 7 jours/7: sept jours sur sept,
    7/7: sept jours sur sept, 24/7: vingt-quatre heures sur vingt-quatre et sept jours sur sept,
    50/50: moitié-moitié, 2K: deux K, 4K: quatre K, 8K: huit K, C++: C plus plus, C#: C dièse
    """
) | {f"PM2{point}5": "PM deux virgule cinq" for point in ".,"}

NAME_WORDS = pairs(
    """
    tv: TV, vmc: VMC, led: LED, usb: USB, nas: NAS, pc: PC, ip: IP, cpu: CPU, gpu: GPU, uv: UV,
    mqtt: MQTT, dvd: DVD, gps: GPS, ha: HA, wifi: Wi-Fi, co2: CO deux, pm25: PM deux virgule cinq,
    pm10: PM dix, temp: température, sdb: salle de bain, rdc: rez-de-chaussée
    """
)

SIGNS = pairs(
    r"""
    =: égale, &: et, +: plus, ×: fois, ÷: divisé par, ±: plus ou moins, <: inférieur à,
    >: supérieur à, ≤: inférieur ou égal à, ≥: supérieur ou égal à, ≈: environ, ≠: différent de,
    √: racine carrée de, ∞: infini, π: pi, °: degrés, @: arobase, ~: environ, µ: micro, €: euros,
    £: livres, $: dollars, ¥: yens, ¢: cents, §: paragraphe, ^: puissance, \: barre oblique inverse
    """
)

COUNTED = (
    r"[Cc]hapitre|[Tt]ome|[Aa]cte|[Ss]cène|[Pp]artie|[Nn]iveau|[Vv]olume|[Ll]ivre|[Tt]ype|[Pp]hase|"
    r"[Éé]tape|[Tt]itre|[Éé]pisode|[Ss]aison|Rocky|Star Wars|Final Fantasy|"
    r"Louis|Henri|François|Charles|Philippe|Napoléon|Guillaume|Édouard|George|Georges|Élisabeth|"
    r"Elizabeth|Alexandre|Nicolas|Frédéric|Léopold|Albert|Benoît|Pie|Grégoire|Clément|Jean-Paul|"
    r"Ramsès|Ptolémée|Catherine|Juan Carlos|Felipe"
)
"""What a Roman numeral numbers."""

WORDS = RomanceWords(
    days=pairs(
        """
        lun: lundi, mar: mardi, mer: mercredi, jeu: jeudi, ven: vendredi, sam: samedi,
        dim: dimanche
        """
    ),
    lone_days="lun|ven|dim",
    before_year=" ",
    between="entre",
    conjunction="et",
    centuries={},
    codes=(
        "codes?|pin|mot de passe|commande|colis|suivi|réservation|référence|dossier|facture|"
        "se terminant par|terminée? par|finissant par|numéro de "
        "(?:série|compte|client|carte|contrat)|"
        "iban|otp|pnr|immatriculation|identifiant|ticket"
    ),
    linked=(
        r"est|sera|le|la|wi-fi|wifi|de\s[^\W\d]{2,15}|de|du|d['’][^\W\d]{2,15}|portail|porte|"
        r"alarme|l'alarme|confirmation|pin|postal"
    ),
    each={
        period: f"par {period}"
        for period in words(
            """
            mois an ans jour jours semaine nuit heure minute seconde personne pers litre kilo mètre
            """
        )
    },
    hundred="aux cent kilomètres",
    windward="[Vv]ents?(?: de| du)?|secteur|direction|rafales de|km/h d[eu]",
    compass=pairs(
        """
    N: nord, S: sud, E: est, O: ouest, NE: nord-est, NO: nord-ouest, SE: sud-est, SO: sud-ouest,
    NNE: nord-nord-est, NNO: nord-nord-ouest, SSE: sud-sud-est, SSO: sud-sud-ouest,
    ENE: est-nord-est, ESE: est-sud-est, ONO: ouest-nord-ouest, OSO: ouest-sud-ouest
    """
    ),
    page="page",
    extremes="à",
    height="",
    pointed_units="h|min|mn|sec|pers|sem|cal|kcal",
    millions="millions?|milliards?",
    of="de",
    measures="(?:tasse|verre|cuillère|litre|kilo|heure|bouteille|sachet|tour)s?",
    seconds="secondes",
    minutes="minutes",
    parts=pairs(
        "chap.: chapitre, vol.: volume, fig.: figure, sect.: section, sec.: section, art.: article,"
        " t.: tome, sc.: scène, al.: alinéa, réf.: référence"
    ),
    hearted="je|t'|te|vous|tu",
)

SPELLER = Speller(
    names={letter: letter.upper() for letter in ascii_lowercase},
    vowels="aeiouyàâéèêëîïôùûœ",
    # Beginning and ending as French words do.
    readable=re.compile(
        r"(?:[^aeiouy]?|[bcdfgptv][lr]|[cp]h|s[cmnpt])"
        r"(?:[aeiouyéèê]{1,2}[^aeiouyéèê]{1,2})*[aeiouyéèê]{1,2}[^aeiouyéèêh]?"
    ),
    read=frozenset(
        words(
            """
            OK ET OU LE LA DE DU UN NE SE CE EN AU IL ON NI SI TU ME TE SA MA TA JE PU VU ÇA EST LES
            DES AUX PAS UNE SUR
            """
        )
    ),
    spelled=frozenset(
        words("COV IQA SPA URL UHF AES EDF UPS USB USA UVA UVB IBM AMD ESP RER RIB TVA SAV ISO")
    ),
)

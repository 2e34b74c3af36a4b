"""Shortened words, signs and money in Brazilian Portuguese."""

import re
from string import ascii_lowercase

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.romance.rules import RomanceWords
from wyoming_kokoro.text.normalize.tables import nouns, pairs, words


def _money(major: str, minor: str = "centavo/centavos", form: str = "") -> Currency:
    names = nouns(f"major: {major}", form)
    small = nouns(f"minor: {minor}") if minor else {}
    return Currency(names["major"], small.get("minor"))


_DOLLARS = _money("dólar/dólares")
_PREFIXED = {
    "M": Noun("milhão de", "milhões de"),
    "B": Noun("bilhão de", "bilhões de"),
    "T": Noun("trilhão de", "trilhões de"),
}

MONEY = Money(
    signs={
        **dict.fromkeys(("R$", "BRL"), _money("real/reais")),
        **dict.fromkeys(("$", "US$", "U$", "USD"), _DOLLARS),
        **dict.fromkeys(("€", "EUR"), _money("euro/euros")),
        **dict.fromkeys(("£", "GBP"), _money("libra/libras", "pence", FEMININE)),
        **dict.fromkeys(("¥", "￥", "JPY"), _money("iene/ienes", "")),
        **dict.fromkeys(("₿", "BTC"), _money("bitcoin/bitcoins", "")),
        **dict.fromkeys(("C$", "CAD"), _money("dólar canadense/dólares canadenses")),
        **dict.fromkeys(("₺", "TRY"), _money("lira/liras", form=FEMININE)),
        **dict.fromkeys(("₽", "RUB"), _money("rublo/rublos")),
        **dict.fromkeys(("₩", "KRW"), _money("won/wons", "")),
        **dict.fromkeys(("₪", "ILS"), _money("shekel/shekels")),
        "ARS": _money("peso argentino/pesos argentinos"),
        "CHF": _money("franco suíço/francos suíços"),
        "CNY": _money("iuan/iuans", ""),
    },
    minor_signs=nouns("¢: centavo/centavos"),
    both="{major} e {minor}",
    magnitudes={
        **dict.fromkeys(("mil", "k"), Noun("mil", "mil")),
        **dict.fromkeys(("mi", "mm", "M"), _PREFIXED["M"]),
        **dict.fromkeys(("bi", "B"), _PREFIXED["B"]),
        **dict.fromkeys(("tri",), _PREFIXED["T"]),
        **{
            word: Noun(f"{word} de", f"{word} de")
            for word in words("milhão milhões bilhão bilhões trilhão trilhões")
        },
    },
)

ABBREVIATIONS = pairs(
    """
    Jr.: Júnior, Jr: Júnior, Sr.: senhor, Sr: senhor, Sra.: senhora, Sra: senhora, Srs.: senhores,
    Sras.: senhoras,
    Srta.: senhorita, Srta: senhorita, Dr.: doutor, Dr: doutor, Dra.: doutora, Dra: doutora,
    Drs.: doutores, Prof.: professor, Prof: professor, Profa.: professora, Profª: professora,
    Prof.ª: professora, Profª.: professora, Eng.: engenheiro, Eng.ª: engenheira,
    Exmo.: excelentíssimo,
    Sto.: santo, Sta.: santa, Av.: avenida, av.: avenida, Av: avenida, Pça.: praça, Pç.: praça,
    Rod.: rodovia, Trav.: travessa, Tv.: travessa, Al.: alameda, Jd.: jardim, Vl.: vila,
    apto.: apartamento, apto: apartamento, apt.: apartamento, ap.: apartamento, bl.: bloco,
    nº: número, n°: número, n.º: número, n.°: número, nro.: número, núm.: número, tel.: telefone,
    cel.: celular, p. ex.: por exemplo, p.ex.: por exemplo, ex.:: exemplo:, etc.: et cetera,
    etc: et cetera, aprox.: aproximadamente, mín.: mínima, máx.: máxima, méd.: média,
    temp.: temperatura, vs.: versus, vs: versus, obs.: observação, pág.: página, págs.: páginas,
    cap.: capítulo, incl.: incluso, hab.: habitantes, vol.: volume, Pe.: padre, art.: artigo,
    fig.: figura,
    ref.: referência, qtd.: quantidade,
    qtde.: quantidade,
    qtd: quantidade, dir.: direita, esq.: esquerda, Ltda.: limitada, Ltda: limitada,
    Cia.: companhia,
    Cia: companhia, S.A.: S A, S/A: S A, a.C.: antes de Cristo, d.C.: depois de Cristo,
    c/: com, s/: sem, p/: para, vc: você, vcs: vocês, tb: também, tbm: também, hj: hoje, pq: porque,
    wifi: Wi-Fi, wi-fi: Wi-Fi, WIFI: Wi-Fi, WiFi: Wi-Fi
    """
)

ACRONYMS = pairs(
    """
    CO2: C ó dois, CO₂: C ó dois, eCO2: é C ó dois, PM1: PM um, PM10: PM dez, H2O: H dois ó,
    H₂O: H dois ó, NO2: N ó dois, NO₂: N ó dois, SO2: S ó dois, SO₂: S ó dois, O2: ó dois,
    O₂: ó dois,
    O3: ó três, O₃: ó três, N2: N dois, CH4: CH quatro, CH₄: CH quatro, NH3: NH três,
    NH₃: NH três, 24h/24: vinte e quatro horas por dia, 24h/7: vinte e quatro horas por dia e sete
    dias por semana, 24/7: vinte e quatro horas por dia e sete dias por semana,
    50/50: meio a meio, 2K: dois K, 4K: quatro K, 8K: oito K, C++: C mais mais, C#: C sharp
    """
) | {f"PM2{point}5": "PM dois vírgula cinco" for point in ".,"}

NAME_WORDS = pairs(
    """
    tv: TV, ac: ar-condicionado, led: LED, usb: USB, nas: NAS, pc: PC, ip: IP, cpu: CPU, gpu: GPU,
    uv: UV, mqtt: MQTT, dvd: DVD, gps: GPS, ha: HA, wifi: Wi-Fi, co2: C ó dois,
    pm25: PM dois vírgula cinco, pm10: PM dez, temp: temperatura
    """
)

SIGNS = pairs(
    r"""
    =: igual a, &: e, +: mais, ×: vezes, ÷: dividido por, ±: mais ou menos, <: menor que,
    >: maior que, ≤: menor ou igual a, ≥: maior ou igual a, ≈: aproximadamente, ≠: diferente de,
    √: raiz quadrada de, ∞: infinito, π: pi, °: graus, @: arroba, ~: cerca de, µ: micro, €: euros,
    £: libras, $: dólares, ¥: ienes, ¢: centavos, §: parágrafo, ^: elevado a, \: barra invertida
    """
)

COUNTED = (
    r"[Cc]apítulo|[Tt]omo|[Aa]to|[Cc]ena|[Pp]arte|[Nn]ível|[Vv]olume|[Ll]ivro|[Tt]ipo|[Ff]ase|"
    r"[Ee]tapa|[Tt]ítulo|[Ee]pisódio|[Tt]emporada|Guerra Mundial|Rocky|"
    r"Star Wars|Final Fantasy|Super Bowl"
)
"""What a Roman numeral numbers."""

RULERS = (
    r"[Ss]éculos?|Dom Pedro|Pedro|Dom João|João|Dom Manuel|Luís|Henrique|Carlos|Felipe|Filipe|"
    r"Jorge|George|Eduardo|Guilherme|Napoleão|Alexandre|Nicolau|Bento|Pio|Gregório|Clemente|Leão|"
    r"João Paulo|Papa [A-Z][a-zã]{1,15}|Rei [A-Z][a-zã]{1,15}|Ramsés|Frederico|Francisco|Afonso"
)
"""What a Roman numeral puts in order, and whom."""

WORDS = RomanceWords(
    days=pairs(
        """
        seg: segunda, ter: terça, qua: quarta, qui: quinta, sex: sexta, sáb: sábado, sab: sábado,
        dom: domingo
        """
    ),
    lone_days="seg|qua|qui|sáb",
    before_year=" de ",
    between="entre",
    conjunction="e",
    centuries={"séc.": "século", "sécs.": "séculos"},
    codes=(
        "códigos?|pin|senha|pedido|rastreio|rastreamento|encomenda|pacote|reserva|localizador|"
        "protocolo|fatura|referência|com final|cartão final|terminad[oa] em|cep|cpf|otp|pnr|voo|"
        "número (?:de|do|da) (?:série|conta|cartão|cliente|pedido)"
    ),
    linked=(
        r"é|o|a|será|número|n\.?[º°]|wi-fi|wifi|de|do|da|portão|porta|alarme|acesso|confirmação|pin|rastreio|"
        "verificação|postal"
    ),
    each={
        period: f"por {period}"
        for period in words("mês ano dia semana noite hora minuto segundo pessoa litro quilo metro")
    },
    hundred="a cada cem quilômetros",
    windward="[Vv]entos?(?: de)?|quadrante|direção|rajadas de|km/h d[eo]",
    compass=pairs(
        """
    N: norte, S: sul, L: leste, E: leste, O: oeste, NE: nordeste, NO: noroeste, SE: sudeste,
    SO: sudoeste, NNE: nor-nordeste, NNO: nor-noroeste, SSE: sul-sudeste, SSO: sul-sudoeste,
    ENE: és-nordeste, ESE: és-sudeste, ONO: oés-noroeste, OSO: oés-sudoeste
    """
    ),
    page="página",
    extremes="a",
    height="e ",
    pointed_units="h|hs|min|seg|kg|g|ml|km|cal|kcal",
    millions="milhão|milhões|bilhão|bilhões",
    of="de",
    measures="(?:xícara|colher|copo|litro|quilo|hora|lata|pacote|volta|página|tanque)(?:e?s)?",
    seconds="segundos",
    minutes="minutos",
    parts=pairs(
        "cap.: capítulo, caps.: capítulos, vol.: volume, fig.: figura, seç.: seção, sec.: seção,"
        " art.: artigo, pág.: página, págs.: páginas, t.: tomo"
    ),
    sets="{start} a {end}",
    hearted="te|eu|amo|vos",
)

SPELLER = Speller(
    # O and E would be read as the words that they are.
    names={letter: letter.upper() for letter in ascii_lowercase} | {"o": "ó", "e": "é"},
    vowels="aeiouáâãéêíóôõú",
    # Beginning and ending as Portuguese words do.
    readable=re.compile(
        r"(?:[^aeiou]?|[bcdfgptv][lr]|[clnp]h)(?:[aeiouãéê]{1,2}"
        r"(?:[^aeiouhjqwy]|[lmnrsxz][bcdfgjklmnpqrstvxz]|[bcdfgptv][lr])){0,4}[aeiou]{1,2}[bcdlmnrstxz]?"
    ),
    read=frozenset(
        words(
            """
            OK OS AS UM DE DO DA NO NA EM EU TU SE OU AO VAI NÃO SIM COM POR DOS DAS NOS NAS UMA QUE
            SEM SUS CEP MEC PIX LED ONU RAM NAS PIN SOS
            """
        )
    ),
    spelled=frozenset(
        words("URL UTI EUA UPA IPVA TVA AES USB UPS UVA UVB IBM AMD ISO IOF CEO TIM")
    ),
)

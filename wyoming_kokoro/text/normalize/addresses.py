"""Addresses of every kind said in words: web, mail, network, files, and the names of entities."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.figures import say_digits, say_whole, year
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits

DOMAINS = (
    "ai_task|alarm_control_panel|assist_satellite|automation|binary_sensor|button|calendar|camera|"
    "climate|conversation|counter|cover|device_tracker|event|fan|group|humidifier|image|"
    "input_boolean|input_button|input_datetime|input_number|input_select|input_text|lawn_mower|"
    "light|lock|media_player|notify|number|person|remote|scene|schedule|script|select|sensor|siren|"
    "stt|sun|switch|text|timer|todo|tts|update|vacuum|valve|wake_word|water_heater|weather|zone"
)
"""What the first part of the name of an entity of Home Assistant can be."""

_SPELLED_ENDINGS = re.compile(r"(?i)(?:[a-z]{2}|html?|php|yml|xml|csv|pdf|mp[34]|wav|gz)\Z")
_PARTS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_")
_VERSION_YEARS = range(2000, 2100)
_DOTTED_DATE = re.compile(r"[0-3]?\d\.[01]?\d\.[12]\d{3}")


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for addresses in the order in which they are tried."""
    yield from _network_rules(locale)
    yield from _entity_rules(locale)
    yield from where_digits(_version_rules(locale))
    yield from _place_rules(locale)
    yield from _name_rules(locale)


def _network_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "address.url",
        re.compile(r"(?i)(?:\b(?:https?|ftp|wss?|rtsp)://|\bwww\.)[^\s<>\"“”]+"),
        lambda found: _say_trimmed(locale, found.group(), _say_url),
    )
    yield Rule(
        "address.mail",
        re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)*"),
        lambda found: _say_trimmed(locale, found.group(), _say_address),
    )
    yield Rule(
        "address.mac",
        re.compile(r"(?i)(?<![\w:-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\w:-])"),
        lambda found: _say_hexadecimal(locale, found.group()),
    )
    yield Rule(
        "address.ip",
        re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?:(:|/)(\d{1,5}))?(?![\d]|\.\d)"),
        lambda found: _say_ip(locale, *found.groups()),
        needs_digits=True,
    )


def _entity_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "address.hexadecimal",
        re.compile(r"(?i)(?<!\w)0x[\da-f]{1,32}(?!\w)"),
        lambda found: _say_hexadecimal(locale, found.group()),
    )
    yield Rule(
        "address.entity",
        re.compile(rf"(?<![\w./-])({DOMAINS})\.([a-z\d_]++)(?![./]\w)"),
        lambda found: _say_name(locale, f"{found[1]}_{found[2]}"),
    )


def _version_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "address.version",
        re.compile(
            r"(?i)(?<![\w.,])(v(?:er\.?)?\s?)?(\d+(?:\.\d+){2,})([a-z]+\d*|-[a-z]+[.\d]*)?\b"
        ),
        lambda found: (
            None
            if _is_date_or_amount(locale, found.group())
            else _say_version(locale, found[2], found[3] or "", found[1] or "")
        ),
    )
    yield Rule(
        "address.short_version",
        re.compile(
            r"(?<![\w.,])[vV](\d+(?:\.\d+)?)((?:b|rc|beta|alpha|-[a-z]+)\d*)?(?![\w.]\w|\w)"
        ),
        lambda found: _say_version(locale, found[1], found[2] or "", "v"),
    )


def _place_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for machines and files."""
    yield Rule(
        "address.host",
        re.compile(
            r"(?i)(?<![\w.@/-])(?:[a-z\d][a-z\d-]*+\.)+"
            r"(?:com|org|net|io|dev|info|local|lan|home|app|edu|gov|eu|uk|de|fr|es|it|br|in|jp|cn|us|tv)"
            r"(?::\d+)?(?:/[^\s<>\"“”]*)?(?![\w-])"
        ),
        lambda found: _say_trimmed(locale, found.group(), _say_url),
    )
    yield Rule(
        "address.file",
        re.compile(
            r"(?i)(?<![^\s(\"'“\[,;])(?:(?:~|\.{1,2})?/[\w.-]++(?:/[\w.-]++)*/?"
            r"|[\w-]++\.(?:ya?ml|json|txt|py|log|conf|cfg|ini|md|csv|pdf|html?|xml|mp[34]|wav|jpe?g"
            r"|png|gif|zip|exe|sh|db|docx?|xlsx?|onnx)\b)"
        ),
        lambda found: _say_trimmed(locale, found.group(), _say_address),
    )


def _name_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "address.handle",
        re.compile(r"(?<![\w@.])@(?=[a-z_])([\w.]*\w)"),
        lambda found: f"{locale.at} {_say_address(locale, found[1])}",
    )
    yield Rule(
        "address.hashtag",
        re.compile(r"(?<![\w#&])#(?=[^\W\d])(\w++)"),
        lambda found: f"{locale.hashtag} {split_name(found[1])}",
    )
    yield Rule(
        "address.name",
        re.compile(r"(?<!\w)_*+[^\W_]++(?:_++[^\W_]++)++_*+"),
        lambda found: _say_name(locale, found.group()),
    )


def split_name(name: str) -> str:
    """Return the words of `livingRoom_lamp2`: "living Room lamp 2"."""
    name = re.sub(r"(?<=[^\W\dA-Z_])(?=[A-Z])|(?<=[^\W\d_])(?=\d)", " ", name)
    return " ".join(name.replace("_", " ").split())


def _say_name(locale: Locale, name: str) -> str:
    words = name.replace("_", " ").split()
    return " ".join(locale.name_words.get(word, word) for word in words)


def _say_trimmed(locale: Locale, found: str, say: Callable[[Locale, str], str]) -> str:
    """Say an address without the marks of the sentence that it ends, and those after it."""
    end = len(found.rstrip(".,;:!?'’\"”*…"))
    if found[end - 1 : end] in ")]}" and not set("([{") & set(found):
        end -= 1
    return say(locale, found[:end]) + found[end:]


def _say_url(locale: Locale, url: str) -> str:
    address = re.sub(r"(?i)\A(?:[a-z]+://)?(?:www\.)?", "", url)
    address = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/")
    host, slash, path = address.partition("/")
    name, colon, port = host.partition(":")
    words = [_say_host(locale, name)]
    if colon:
        words += [locale.colon, _say_parts(locale, port)]
    if slash:
        words += [locale.slash, _say_parts(locale, path)]
    return " ".join(words)


def _say_host(locale: Locale, host: str) -> str:
    """Say the name of a machine; the hyphens in it stay, for they part words."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", host):
        return _say_ip(locale, host, None, None)
    parts = [_say_label(locale, part) for part in host.split(".")]
    return f" {locale.dot} ".join(part for part in parts if part)


def _say_label(locale: Locale, label: str) -> str:
    spelled = _SPELLED_ENDINGS.match(label) and label.lower() not in locale.read_endings
    if spelled:
        return locale.letters(label)
    return re.sub(r"\d+", lambda found: f" {_say_run(locale, found.group())} ", label).strip()


def _say_address(locale: Locale, address: str) -> str:
    head, dot, ending = address.rpartition(".")
    if not dot or not ending:
        return _say_parts(locale, address)
    return f"{_say_parts(locale, head)} {locale.dot} {_say_label(locale, ending)}".strip()


def _say_parts(locale: Locale, address: str) -> str:
    """Say every word, number and sign of `address`."""
    signs = {".": locale.dot, "/": locale.slash, "-": locale.dash, "@": locale.at, "_": ""}
    signs |= {":": locale.colon, "+": locale.plus, "~": ""}
    words = (
        signs.get(part, "")
        if not part.isalnum() and len(part) == 1
        else _say_run(locale, part)
        if part.isdecimal()
        else part
        for part in _PARTS.findall(address)
    )
    return " ".join(word for word in words if word)


def _say_run(locale: Locale, digits: str) -> str:
    """Say digits in a name: short ones as a number, others one by one."""
    return say_whole(locale, digits) if len(digits) < 3 else say_digits(locale, digits)


def _say_ip(locale: Locale, address: str, sign: str | None, suffix: str | None) -> str:
    say = say_whole if locale.ip_in_numbers else say_digits
    words = f" {locale.dot} ".join(say(locale, part) for part in address.split("."))
    if not sign or not suffix:
        return words
    sign_word = locale.colon if sign == ":" else locale.slash
    return f"{words} {sign_word} {_say_run(locale, suffix)}"


def _say_hexadecimal(locale: Locale, address: str) -> str:
    pairs = re.split("[:-]", address)
    return ", ".join(
        " ".join(say_digits(locale, c) if c.isdecimal() else locale.letters(c) for c in pair)
        for pair in pairs
    )


def _is_date_or_amount(locale: Locale, text: str) -> bool:
    """Say whether the language writes `20.11.2026` or `1.234.567` so, which look like versions."""
    grouped = "." in locale.numbers.groups and re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text)
    return bool(grouped or (locale.dates.order == "dmy" and _DOTTED_DATE.fullmatch(text)))


def _say_version(locale: Locale, numbers: str, suffix: str, sign: str) -> str:
    """Say `2026.11.2b3`: a year first where it is one, then numbers between points."""
    first, *others = numbers.split(".")
    is_year = int(first) in _VERSION_YEARS and others
    words = [year(locale, int(first)) if is_year else say_whole(locale, first)]
    words += [say_whole(locale, number) for number in others]
    prefix = f"{locale.letters('v')} " if sign else ""
    ending = " ".join(
        say_whole(locale, part)
        if part.isdecimal()
        else locale.letters(part)
        if len(part) < 3
        else part
        for part in re.findall(r"[^\W\d_]+|\d+", suffix)
    )
    return prefix + f" {locale.version_point} ".join(words) + (f" {ending}" if ending else "")

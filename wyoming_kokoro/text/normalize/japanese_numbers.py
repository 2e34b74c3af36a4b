"""Numbers and what they count in, their reading in Japanese, in katakana, out.

What is read depends on what follows: 10分 is ジュップン, 4時 ヨジ, 3本 サンボン, 20日 ハツカ. A long
vowel is written with ー, for it is one even where a reader takes the word for no word it knows.
"""

import re

from wyoming_kokoro.text.normalize.locale import Form
from wyoming_kokoro.text.normalize.tables import choice, pairs

_ONES = ("", *"イチ ニ サン ヨン ゴ ロク ナナ ハチ キュー".split())
_HUNDREDS = {3: "サンビャク", 6: "ロッピャク", 8: "ハッピャク"}
_THOUSANDS = {3: "サンゼン", 8: "ハッセン"}
_MYRIADS = ("", "マン", "オク", "チョー")

_FIRST = "イチ: イッ, ハチ: ハッ, ジュー: ジュッ"
_HUNDRED = "ヒャク: ヒャッ, ビャク: ビャッ, ピャク: ピャッ"
_ENDINGS: dict[Form, dict[str, str]] = {
    "k": pairs(f"{_FIRST}, ロク: ロッ, {_HUNDRED}"),
    "s": pairs(_FIRST),
    "t": pairs("ジュー: ジュッ"),
    "kilo": pairs(f"ロク: ロッ, ジュー: ジュッ, {_HUNDRED}"),
    "point": pairs(f"{_FIRST}, ニ: ニー, ゴ: ゴー, ゼロ: レー"),
    "digit": pairs("ニ: ニー, ゴ: ゴー"),
    "zero": pairs("ゼロ: レー"),
    "four": pairs("ヨン: ヨ"),
    "hour": pairs("ヨン: ヨ, ナナ: シチ, キュー: ク, ゼロ: レー"),
    "month": pairs("ヨン: シ, ナナ: シチ, キュー: ク"),
    "day": pairs("ナナ: シチ, キュー: ク"),
    "people": pairs("ヨン: ヨ, ナナ: シチ"),
}
"""By form: how a number ends otherwise before what it counts."""

_COUNTERS: dict[Form, str] = {
    "": """
        枚: マイ, 台: ダイ, 名: メー, 倍: バイ, 番: バン, 番目: バンメ, 番線: バンセン, 号: ゴー,
        号室: ゴーシツ, 秒: ビョー, 秒間: ビョーカン, 割: ワリ, 位: イ, 万: マン, 膳: ゼン,
        面: メン, 便: ビン, 文字: モジ, 合: ゴー, 語: ゴ, 畳: ジョー, 両: リョー, 羽: ワ, 輪: リン,
        次: ジ, 列: レツ, リットル: リットル, メートル: メートル, ミリ: ミリ, グラム: グラム,
        ワット: ワット, ボルト: ボルト, ドル: ドル, ユーロ: ユーロ, 軍: グン, 段: ダン, 部: ブ,
        問: モン, 問目: モンメ
        """,
    "zero": "度: ド, 度目: ドメ",
    "k": """
        回: カイ, 回目: カイメ, 回戦: カイセン, 個: コ, 個目: コメ, か月: カゲツ, ヶ月: カゲツ,
        ケ月: カゲツ, カ月: カゲツ, ヵ月: カゲツ, 箇月: カゲツ, か月間: カゲツカン,
        ヶ月間: カゲツカン, カ月間: カゲツカン, か所: カショ, ヶ所: カショ, カ所: カショ,
        箇所: カショ, か国: カコク, ヶ国: カコク, カ国: カコク, 件: ケン, 件目: ケンメ, 曲: キョク,
        曲目: キョクメ, 缶: カン, 巻: カン, 機: キ, 基: キ, 級: キュー, 区: ク, 課: カ, 球: キュー,
        局: キョク, 階: カイ カイ ガイ, 階建て: カイダテ カイダテ ガイダテ, 軒: ケン ケン ゲン,
        カ国語: カコクゴ
        """,
    "s": """
        歳: サイ, 才: サイ, 冊: サツ, 冊目: サツメ, 週間: シューカン, 週: シュー,
        週間後: シューカンゴ, 周: シュー, 種類: シュルイ, 種: シュ, 章: ショー, 点: テン,
        点差: テンサ, 頭: トー, 通: ツー, 着: チャク, 隻: セキ, 席: セキ, 世帯: セタイ,
        世紀: セーキ, 足: ソク ソク ゾク, 丁目: チョーメ, セット: セット, トン: トン,
        センチ: センチ, センチメートル: センチメートル, 社: シャ, 食: ショク, 所帯: ショタイ,
        等: トー, 等分: トーブン, 等級: トーキュー, 節: セツ
        """,
    "h": """
        本: ホン ポン ボン, 本目: ホンメ ポンメ ボンメ, 分: フン プン プン プン,
        分間: フンカン プンカン プンカン プンカン, 分前: フンマエ プンマエ プンマエ プンマエ,
        分後: フンゴ プンゴ プンゴ プンゴ, 匹: ヒキ ピキ ビキ, 匹目: ヒキメ ピキメ ビキメ,
        杯: ハイ パイ バイ, 杯目: ハイメ パイメ バイメ, 泊: ハク パク パク パク,
        泊目: ハクメ パクメ パクメ パクメ, 歩目: ホメ ポメ ポメ ポメ, 発: ハツ パツ パツ,
        歩: ホ ポ ポ ポ, 票: ヒョー ピョー ビョー, 品: ヒン ピン ピン, 拍: ハク パク パク,
        編: ヘン ペン ペン
        """,
    "t": """
        パーセント: パーセント, %: パーセント, ページ: ページ, ポイント: ポイント, ケース: ケース,
        カップ: カップ, カロリー: カロリー, パック: パック, チャンネル: チャンネル
        """,
    "kilo": "組: クミ, キロ: キロ, キロメートル: キロメートル, キログラム: キログラム, キロワット: キロワット",
    "four": "円: エン, 年: ネン, 年間: ネンカン, 年前: ネンマエ, 年後: ネンゴ, 年生: ネンセー, 年度: ネンド, 年ぶり: ネンブリ",
    "hour": "時: ジ, 時間: ジカン, 時間後: ジカンゴ, 時間前: ジカンマエ, 時間半: ジカンハン, 時半: ジハン, 時台: ジダイ, 時ごろ: ジゴロ, 時頃: ジゴロ",
    "month": "月: ガツ, 月号: ガツゴー",
    "day": "日: ニチ, 日間: ニチカン, 日目: ニチメ, 日後: ニチゴ, 日前: ニチマエ, 日分: ニチブン, 日付: ニチズケ",
    "native": """
        部屋: ヘヤ, 袋: フクロ, 皿: サラ, 箱: ハコ, 口: クチ, 晩: バン, 粒: ツブ, 切れ: キレ,
        株: カブ, 坪: ツボ, 束: タバ, 通り: トーリ
        """,
    "people": "人: ニン, 人目: ニンメ, 人前: ニンマエ, 人家族: ニンカゾク, 人用: ニンヨー, 人分: ニンブン",
}
_READINGS = {
    counter: (form, reading.split())
    for form, table in _COUNTERS.items()
    for counter, reading in pairs(" ".join(table.split())).items()
}
_THINGS = ("", *"ヒトツ フタツ ミッツ ヨッツ イツツ ムッツ ナナツ ヤッツ ココノツ".split())
_DAYS = {
    **dict(
        enumerate("フツカ ミッカ ヨッカ イツカ ムイカ ナノカ ヨーカ ココノカ トーカ".split(), 2)
    ),
    **{14: "ジューヨッカ", 20: "ハツカ", 24: "ニジューヨッカ"},
}
_FIRST_DAY = "ツイタチ"
_PEOPLE = ("", "ヒトリ", "フタリ")
_NATIVE = ("", "ヒト", "フタ")

COUNTER = choice(_READINGS)
"""Pattern of what is counted, as it is written."""


def kana(number: int, form: Form = "") -> str:
    """Return the reading of `number`, below 10¹⁶, in a form of counting."""
    reading = _reading(number)
    for ending, instead in _ENDINGS.get(form, {}).items():
        if reading.endswith(ending):
            return reading.removesuffix(ending) + instead
    return reading


def counted(number: int, counter: str, *, dated: bool = False) -> str:
    """Return the reading of a number and `counter`. `dated`: 日 is a day of a month."""
    _, readings = _READINGS[counter]
    special = _special(number, counter, dated)
    if special:
        return special
    words = kana(number, counter_form(counter))
    return words + _voiced(words, readings)


def counter_form(counter: str) -> Form:
    """Return the form that a number has before `counter`."""
    form = _READINGS[counter][0]
    return "k" if form == "h" else form


def plain_counter(counter: str) -> str:
    """Return the reading of `counter` after a decimal."""
    return _READINGS[counter][1][0]


def things(number: int) -> str:
    """Return the reading of `number` with つ, 1 to 9."""
    return _THINGS[number]


def _reading(number: int) -> str:
    words = ""
    for power in reversed(range(len(_MYRIADS))):
        group = number // 10 ** (4 * power) % 10_000
        if group:
            words += _together(_below_myriad(group, bool(power)), _MYRIADS[power])
    return words or "ゼロ"


def _below_myriad(group: int, counts: bool) -> str:
    """Return the reading of 1 to 9,999; 1,000 of a myriad is イッセン."""
    thousands, hundreds, tens, ones = (group // place % 10 for place in (1000, 100, 10, 1))
    words = "イッセン" if counts and thousands == 1 else ""
    words = words or _THOUSANDS.get(thousands) or _times(thousands, "セン")
    words += _HUNDREDS.get(hundreds) or _times(hundreds, "ヒャク")
    return words + _times(tens, "ジュー") + _ONES[ones]


def _times(digit: int, place: str) -> str:
    return (_ONES[digit] if digit > 1 else "") + place if digit else ""


def _together(words: str, myriad: str) -> str:
    """Join a number and 兆, before which it ends as before 点: イッチョー."""
    if myriad == "チョー":
        for ending, instead in _ENDINGS["s"].items():
            if words.endswith(ending):
                return words.removesuffix(ending) + instead + myriad
    return words + myriad


def _special(number: int, counter: str, dated: bool) -> str:
    """Return the reading of words older than counting: 二日, 一人, 二十歳, 一部屋."""
    form, readings = _READINGS[counter]
    if form == "day":
        day = _FIRST_DAY if dated and number == 1 else _DAYS.get(number, "")
        return day and day + readings[0].removeprefix("ニチ")
    if form == "people" and counter != "人前" and number in (1, 2):
        return _PEOPLE[number] + readings[0].removeprefix("ニン")
    if form == "native" and number in (1, 2):
        return _NATIVE[number] + readings[0]
    return "ハタチ" if number == 20 and counter in ("歳", "才") else ""


def _voiced(number: str, readings: list[str]) -> str:
    """Return the reading of a counter after `number`: ホン, after ッ ポン, after サン ボン."""
    if number.endswith("ッ"):
        return readings[min(1, len(readings) - 1)]
    if number.endswith(("サン", "セン", "ゼン", "マン")):
        return readings[min(2, len(readings) - 1)]
    return readings[3] if number.endswith("ヨン") and len(readings) > 3 else readings[0]

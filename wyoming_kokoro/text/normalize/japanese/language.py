"""Japanese: the words for figures and signs."""

from wyoming_kokoro.text.normalize.japanese.numbers import counted, kana
from wyoming_kokoro.text.normalize.japanese.rules import last_rules, rules
from wyoming_kokoro.text.normalize.japanese.words import ACRONYMS, MONEY, UNITS, spell
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Form, Numbers
from wyoming_kokoro.text.normalize.tables import pairs
from wyoming_kokoro.text.normalize.unspaced import GAP, join, part


def _inflect(words: str, number: int, form: Form) -> str:
    del words
    return kana(number, form)


def _say_date(day: int, month: int, of_year: int | None) -> str:
    words = f"{counted(month, '月')}{GAP}{counted(day, '日', dated=True)}"
    return f"{counted(of_year, '年')}{GAP}{words}" if of_year else words


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "シチジゴフン", "午後サンジサンジュップン"."""
    words = {"am": "午前", "pm": "午後", "": ""}[half]
    words += counted(hour % 12 if half else hour, "時")
    if minute or second:
        words += GAP + counted(minute, "分")
    return words + (GAP + counted(second, "秒") if second else "")


def _say_fraction(number: int, total: int) -> str:
    return f"{kana(total)}ブンノ{kana(number)}"


JP: Locale = Locale(
    numbers=Numbers(
        language="ja",
        cardinals={"": "spellout-cardinal"},
        ordinals={"": "spellout-ordinal"},
        year=kana,
        inflect=_inflect,
        point_form="point",
        digit_form="digit",
        groups=",",
        point="テン",
    ),
    dates=Dates(
        months=tuple(f"{number}月" for number in range(1, 13)),
        month_signs={},
        order="ymd",
        say=_say_date,
    ),
    clock=Clock(say=_say_clock),
    units=UNITS,
    money=MONEY,
    minus="マイナス",
    plus="プラス",
    subtracted="ヒク",
    added="タス",
    span=f"{{start}}カラ{GAP}{{end}}",
    score="{start}タイ{end}",
    ratio="{start}タイ{end}",
    rating="{total}ブンノ{number}",
    over="{total}ブンノ{number}",
    fraction=_say_fraction,
    mixed="{whole}ト{fraction}",
    signs=pairs(
        """
        =: イコール, &: アンド, ×: カケル, ÷: ワル, ±: プラスマイナス, <: ショーナリ, >: ダイナリ,
        ≤: 以下, ≥: 以上, ≈: ニアリーイコール, ≠: ノットイコール, √: ルート, +: プラス, ∞: 無限大,
        π: パイ, °: 度, @: アットマーク, ~: ヤク, µ: マイクロ, μ: マイクロ, €: ユーロ, £: ポンド,
        $: ドル, ¥: エン, ₹: ルピー, §: セクション, ^: キャレット, №: ナンバー, ‰: パーミル,
        *: アスタリスク, \\: バックスラッシュ, ′: フン, ″: ビョー, ¢: セント, ₿: ビットコイン,
        Ω: オーム, Δ: デルタ, #: シャープ, 〒: 郵便番号
        """
    ),
    power={"2": "{base}ノニジョー", "3": "{base}ノサンジョー", "": "{base}ノ{exponent}ジョー"},
    times="{number}バイ",
    by="{start}カケル{end}",
    number_sign="ナンバー",
    dot=f"{GAP}ドット{GAP}",
    at=f"{GAP}アットマーク{GAP}",
    slash=f"{GAP}スラッシュ{GAP}",
    dash="ハイフン",
    colon=f"{GAP}コロン{GAP}",
    hashtag="ハッシュタグ",
    star="アスタリスク",
    hash="シャープ",
    compass=pairs("N: 北緯, S: 南緯, E: 東経, W: 西経"),
    position="{point}{angle}",
    factorial="{number}ノカイジョー",
    version_point="テン",
    abbreviations=pairs(
        """
        No.: ナンバー, no.: ナンバー, Vol.: ボリューム, Ver.: バージョン, Dr.: ドクター,
        Mr.: ミスター
        """
    ),
    acronyms=ACRONYMS,
    letters=spell,
    preprocess=part,
    postprocess=join,
    rules=lambda _: rules(),
    last_rules=lambda _: last_rules(),
)

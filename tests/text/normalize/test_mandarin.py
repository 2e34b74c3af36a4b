import pytest

from tests.support.spoken import misread
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize
from wyoming_kokoro.text.pronouncing.installed import is_installed

CN = language_named("zh_CN")


@pytest.mark.skipif(
    not is_installed(language_named("zh")), reason="the packages of extra `zh` are not installed"
)
def test_replies_sound_as_people_say_them() -> None:
    wrong, count = misread("zh_CN")
    assert count >= 80
    assert len(wrong) <= count * 0.05, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("2个", "两个"),
        ("灯—关了", "灯—关了"),
        ("周一—周五", "周一到周五"),
        ("3点—5点", "三点到五点"),
        ("12个", "十二个"),
        ("第2个", "第二个"),
        ("2点2分", "两点零二分"),
        ("2月2日", "二月二日"),
        ("2℃", "两摄氏度"),
        ("2%", "百分之二"),
        ("2.5米", "二点五米"),
        ("2,200元", "两千二百元"),
    ],
)
def test_two_is_liang_before_what_is_counted(text: str, spoken: str) -> None:
    assert normalize(text, CN) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("2026年", "二零二六年"),
        ("10年", "十年"),
        ("请拨打110", "请拨打幺幺零"),
        ("MU5137航班", "M U 五一三七航班"),
        ("301室", "三零一室"),
        ("-10~-5℃", "负十到负五摄氏度"),
        ("0.56元/kWh", "零点五六元每千瓦时"),
        ("10-3=7", "十减三等于七"),
        ("你好 世界", "你好 世界"),
        ("打开TV吧", "打开 TV 吧"),
    ],
)
def test_figures_are_said_as_mandarin_has_them(text: str, spoken: str) -> None:
    assert normalize(text, CN) == spoken

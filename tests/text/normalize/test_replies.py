import pytest

from tests.support.spoken import misread


@pytest.mark.parametrize("code", ["es_ES", "fr_FR", "it_IT", "pt_BR", "de_DE", "sv_SE", "nl_NL"])
def test_replies_sound_as_people_say_them(code: str) -> None:
    wrong, total = misread(code)
    assert total >= (20 if code in ("sv_SE", "nl_NL") else 80)
    assert not wrong, "\n".join(wrong)

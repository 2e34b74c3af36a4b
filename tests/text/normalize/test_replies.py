import pytest

from tests.support.spoken import misread


@pytest.mark.parametrize("code", ["es_ES", "fr_FR", "it_IT", "pt_BR"])
def test_replies_sound_as_people_say_them(code: str) -> None:
    wrong, total = misread(code)
    assert total >= 80
    assert not wrong, "\n".join(wrong)

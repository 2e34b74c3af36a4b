import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.reading.sentences import SentenceSplitter


def split(text: str, step: int | None = None, limit: int = 1000) -> list[str]:
    splitter = SentenceSplitter(limit)
    step = step or len(text) or 1
    sentences = [s for i in range(0, len(text), step) for s in splitter.add(text[i : i + step])]
    return sentences + splitter.finish()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("Hello", ["Hello"]),
        ("It is on. It is off.", ["It is on.", "It is off."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("done. then we go", ["done.", "then we go"]),
        # abbreviations
        ("Dr. Ames met Mr. Bell.", ["Dr. Ames met Mr. Bell."]),
        ("Add herbs, e.g. Thyme or i.e. then.", ["Add herbs, e.g. Thyme or i.e. then."]),
        ("It starts at 5 p.m. Then we eat.", ["It starts at 5 p.m.", "Then we eat."]),
        ("At 5 p.m. we eat.", ["At 5 p.m. we eat."]),
        ("Le 20 juil. à 10h. Merci.", ["Le 20 juil. à 10h.", "Merci."]),
        ("Prenez p. ex. la 5.", ["Prenez p. ex. la 5."]),
        ("2 c. à s. de sucre.", ["2 c. à s. de sucre."]),
        ("É em 3 de out. de 2026.", ["É em 3 de out. de 2026."]),
        ("Mora na Av. Paulista. Sim.", ["Mora na Av. Paulista.", "Sim."]),
        ("Watch out. then go.", ["Watch out.", "then go."]),
        ("Il est tombé 5 mm. Demain aussi.", ["Il est tombé 5 mm.", "Demain aussi."]),
        ("Milk, eggs, etc. are out.", ["Milk, eggs, etc. are out."]),
        ("Milk, eggs, etc. Anything else?", ["Milk, eggs, etc.", "Anything else?"]),
        ("The U.S. Open is on. It is long.", ["The U.S. Open is on.", "It is long."]),
        ("She is in the U.S. It is late.", ["She is in the U.S.", "It is late."]),
        ("Written by J. R. R. Tolkien.", ["Written by J. R. R. Tolkien."]),
        ("Take vitamin C. The rest is fine.", ["Take vitamin C.", "The rest is fine."]),
        ("Go down Elm St. Turn left.", ["Go down Elm St.", "Turn left."]),
        ("We flew to St. Louis.", ["We flew to St. Louis."]),
        ("It is 4 in. tall. Come in. Sit.", ["It is 4 in. tall.", "Come in.", "Sit."]),
        ("See No. 7 below.", ["See No. 7 below."]),
        ("No. That is wrong.", ["No.", "That is wrong."]),
        ("Le llama el Sr. Ruiz.", ["Le llama el Sr. Ruiz."]),
        ("Son las 7:05 p. m. en Lima.", ["Son las 7:05 p. m. en Lima."]),
        ("Son las 7:05 p. m. Buenas noches.", ["Son las 7:05 p. m.", "Buenas noches."]),
        ("Los EE. UU. ganaron. Fin.", ["Los EE. UU. ganaron.", "Fin."]),
        ("En el 44 a. C. murió César.", ["En el 44 a. C. murió César."]),
        ("Ad es. Roma. Fine.", ["Ad es. Roma.", "Fine."]),
        ("No sé quién es. Fin.", ["No sé quién es.", "Fin."]),
        ("Chiama l'ing. Neri e il sig. Rossi.", ["Chiama l'ing. Neri e il sig. Rossi."]),
        ("È al n. 5. Fine.", ["È al n. 5.", "Fine."]),
        # points inside words and numbers
        ("It is 21.5 degrees. Warm.", ["It is 21.5 degrees.", "Warm."]),
        ("Version 2026.11.2 is out. Update.", ["Version 2026.11.2 is out.", "Update."]),
        ("See home-assistant.io. It helps.", ["See home-assistant.io.", "It helps."]),
        ("Open https://a.io/?Query=1 now.", ["Open https://a.io/?Query=1 now."]),
        # ellipses
        ("Wait... what is that?", ["Wait... what is that?"]),
        ("Hmm... Let me see.", ["Hmm...", "Let me see."]),
        ("Well… That works.", ["Well…", "That works."]),
        # quotes and brackets
        ('She said "Go." He went.', ['She said "Go."', "He went."]),
        ('"Stop!" he cried.', ['"Stop!" he cried.']),
        ("(It was late.) Then it rang.", ["(It was late.)", "Then it rang."]),
        ("**Done.** Next one.", ["**Done.**", "Next one."]),
        # lists and paragraphs
        ("Buy:\n- milk\n- two eggs\n\nBye", ["Buy:", "- milk", "- two eggs", "Bye"]),
        ("1. Wash.\n2. Dry.", ["1. Wash.", "2. Dry."]),
        ("1. Eggs 2. Bread 3. Milk", ["1. Eggs", "2. Bread", "3. Milk"]),
        ("One\r\ntwo\u2028three", ["One", "two", "three"]),
        # other scripts
        ("今天星期一。明天呢？好！", ["今天星期一。", "明天呢？", "好！"]),
        ("「はい。」と言った。次へ。", ["「はい。」と言った。", "次へ。"]),
        ("好的!我来了", ["好的!", "我来了"]),
        ("यह ठीक है। डॉ. राव आए।", ["यह ठीक है।", "डॉ. राव आए।"]),
        ("¡Hola! ¿Qué tal?", ["¡Hola!", "¿Qué tal?"]),
        ("¡Hola!¿Qué tal?", ["¡Hola!", "¿Qué tal?"]),
        # emoji
        ("Done! 🎉 Next one.", ["Done!", "🎉 Next one."]),
        ("Done!🎉Next one.", ["Done!🎉", "Next one."]),
        ("Lights off 👍 The door is shut.", ["Lights off 👍", "The door is shut."]),
        ("I ❤️ Paris.", ["I ❤️ Paris."]),
        ("Lights off 👍 :) (all)", ["Lights off 👍 :) (all)"]),
        ("Hello!How are you?", ["Hello!", "How are you?"]),
        # glued together
        ("It is on.Turning it off.Done.", ["It is on.", "Turning it off.", "Done."]),
        ("Done.I have it.A lamp", ["Done.", "I have it.", "A lamp"]),
        ("Está encendida.Listo", ["Está encendida.", "Listo"]),
        ("Node.JS or john.Doe@mail.org", ["Node.JS or john.Doe@mail.org"]),
        ("www.Example.Com at 5 p.m.Then", ["www.Example.Com at 5 p.m.Then"]),
        ("sensor.Hall_lamp is off.", ["sensor.Hall_lamp is off."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


PIECES = st.sampled_from(
    [
        *" .!?…,;:\n\"'()*_1a5。」と！।🎉¿é\u200d\u00a0",
        *(
            "Dr",
            "e.g",
            "U.S",
            "on.It",
            "on.Off ",
            "The",
            "word",
            "Tom",
            "21.5",
            "...",
            "p.m. ",
            ". ",
            "? ",
            "3. ",
        ),
    ]
)


@given(st.lists(PIECES | st.characters(), max_size=60).map("".join), st.integers(1, 9))
def test_sentences_do_not_depend_on_how_the_text_was_cut(text: str, step: int) -> None:
    for limit in (20, 1000):
        assert split(text, step, limit) == split(text, None, limit) == split(text, 1, limit)


@given(st.lists(PIECES | st.characters(), max_size=80).map("".join), st.integers(2, 50))
def test_nothing_is_lost_and_no_sentence_is_longer_than_the_limit(text: str, limit: int) -> None:
    sentences = split(text, 1, limit)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(0 < len(sentence) <= limit for sentence in sentences)


@given(st.lists(PIECES, max_size=60))
def test_nothing_is_lost_when_the_stream_pauses_anywhere(pieces: list[str]) -> None:
    splitter = SentenceSplitter()
    sentences = []
    for piece in pieces:
        sentences += splitter.add(piece) + splitter.idle()
    sentences += splitter.finish()
    assert "".join("".join(sentences).split()) == "".join("".join(pieces).split())


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("I will look.", ["I will look."]),
        ("Let me see...", ["Let me see..."]),
        ('He said "yes."', ['He said "yes."']),
        ("It is 5 p.m.", ["It is 5 p.m."]),
        ("好的。", ["好的。"]),
        ("I will look", []),
        ("I met Dr.", []),
        ("It is 21.", []),
        ("1.", []),
        ("Written by J.", []),
    ],
)
def test_a_pause_brings_out_what_is_whole_and_nothing_else(text: str, spoken: list[str]) -> None:
    splitter = SentenceSplitter()
    assert splitter.add(text) == []
    assert splitter.idle() == spoken
    assert splitter.finish() == ([] if spoken else [text])


def test_what_is_undecided_can_be_seen() -> None:
    splitter = SentenceSplitter()
    splitter.add("One. Two")
    assert splitter.pending == "Two"
    splitter.finish()
    assert splitter.pending == ""


def test_text_without_an_end_is_cut_at_a_clause_else_at_a_space_else_anywhere() -> None:
    assert split("alpha beta gamma, delta epsilon", limit=24)[0] == "alpha beta gamma,"
    assert split("alpha, beta gamma delta epsilon", limit=24)[0] == "alpha, beta gamma delta"
    assert split("a" * 50, limit=24) == ["a" * 24, "a" * 24, "a" * 2]


def test_a_sentence_ends_after_a_forced_cut_as_before_it() -> None:
    text = "alpha beta gamma delta one. Two"
    assert split(text, limit=26) == ["alpha beta gamma delta", "one.", "Two"]


@pytest.mark.parametrize("unit", ["word ", "a", ".", "*", "e.g. ", "1. ", '"', "U.S. A ", "🎉 "])
def test_twice_the_text_takes_no_more_than_in_proportion(unit: str) -> None:
    def steps(length: int) -> int:
        text = (unit * length)[:length]
        counted = CountingSplitter()
        for char in text:
            counted.add(char)
        return counted.looked_at

    assert steps(20_000) < 2.5 * steps(10_000) + 1_000


class CountingSplitter(SentenceSplitter):
    """Counts the characters that are looked at again for a decision."""

    looked_at = 0

    def _word_start(self, end: int) -> int:
        start = super()._word_start(end)
        self.looked_at += end - start
        return start

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.unspoken import SpokenFilter, without_unspoken

PIECES = st.lists(
    st.sampled_from(
        (
            *("<think>", "</think>", "<Thinking>", "</thinking>", "<|", "|>", "<|im_start|>", "<"),
            *("assistant", "<|channel|>", "analysis", "final", "<|message|>", "<|end|>", "[THINK]"),
            *("[/THINK]", "[INST]", "[", "<b>", "</b>", "`", "Hello", ". ", "x", "\n", "◁think▷"),
            *("◁/think▷", "<tool_call>", "</tool_call>", "<start_of_turn>", "model", "<eos>"),
        )
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("<think>It is late.</think>Hello.", " Hello."),
        ("<THINK>It is late.</Think>Hello.", " Hello."),
        ("[THINK]It is late.[/THINK]Hello.", " Hello."),
        ("One.<reasoning>a <b>b</b></reasoning>Two.", "One. Two."),
        ("<|im_start|>assistant\nHello.<|im_end|>", " \nHello. "),
        ("<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>Hello.", "   Hello."),
        ("<start_of_turn>model\nHello.<end_of_turn>", " \nHello. "),
        ("Hello.<｜end▁of▁sentence｜>", "Hello. "),
        ('<tool_call>{"name": "light"}</tool_call>Done.', " Done."),
        ("[INST] Hello. [/INST]", "  Hello.  "),
    ],
)
def test_it_is_left_out(text: str, spoken: str) -> None:
    assert without_unspoken(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        *("a < b", "x <3 you", "<b>bold</b>", "[a link](b)", "`<think>` begins it", "a <| b |> c"),
        *("<thinker>", "|<", "<|im", "<think", "[INS", "1 [think"),
    ],
)
def test_everything_else_is_kept(text: str) -> None:
    assert without_unspoken(text) == text


def test_a_block_without_an_end_is_spoken() -> None:
    assert without_unspoken("Well. <think>It is noon. Bye.") == "Well.  It is noon. Bye."


def test_an_end_without_a_beginning_takes_nothing_with_it() -> None:
    assert without_unspoken("It is noon.</think>Bye.") == "It is noon. Bye."


@given(PIECES, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_what_is_spoken_does_not_depend_on_how_the_text_was_cut(
    text: str, sizes: list[int]
) -> None:
    spoken, start, turn, cut = SpokenFilter(), 0, 0, ""
    while start < len(text):
        size = sizes[turn % len(sizes)]
        cut += spoken.add(text[start : start + size])
        start, turn = start + size, turn + 1
    assert cut + spoken.finish() == without_unspoken(text)


@given(st.text(st.sampled_from("<|>[]/thinkspec \n◁▷`")))
def test_any_text_is_filtered(text: str) -> None:
    assert isinstance(without_unspoken(text), str)


@pytest.mark.parametrize("unit", ["<", "<|", "<think>", "[", "<|a", "</think>", "<think></think>"])
def test_a_long_text_is_filtered(unit: str) -> None:
    assert len(without_unspoken((unit * 20_000)[:20_000])) <= 20_000

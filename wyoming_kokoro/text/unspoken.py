"""What language models write and nobody is meant to hear: a text in, in pieces of any size; the
same without it out.

    <think>The user wants the time.</think>It is noon.<|im_end|>  ->  It is noon.

A block of reasoning is kept back until it ends. If the text ends first, nobody can tell where the
reasoning would have ended: the model was cut off, or the answer is in there. Then all of it is let
go, but for the tag: silence would be worse. An end without a beginning is left out alone, for what
stood before it may have been spoken already. Signs behind a backtick are being talked about.
"""

import re
from enum import Enum, auto

_TAGS = (
    *("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad"),
    *("inner_monologue", "tool_call", "tool_calls", "tool_response", "function_call", "seed:think"),
)
_BLOCKS = {
    **{f"<{name}>": f"</{name}>" for name in _TAGS},
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|start_thinking|>": "<|end_thinking|>",
    "<|begin_of_thought|>": "<|end_of_thought|>",
}
"""By what begins them, in lower case, how blocks end that are not spoken."""

_SIGNS = frozenset(
    (
        *(*_BLOCKS, *_BLOCKS.values(), "[inst]", "[/inst]", "<<sys>>", "<</sys>>"),
        *("<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>"),
    )
)
"""What is left out by itself, in lower case."""

_TOKEN = re.compile(r"<[|｜][\w.:▁-](?:[\w .:▁-]{0,38}[\w▁])?[|｜]>")
"""What models have between bars is for machines, whatever its name."""

_BEGINNING = re.compile(r"<(?:[|｜](?:[\w.:▁-][\w .:▁-]{0,39}[|｜]?)?)?")
_PREFIXES = frozenset(sign[:end] for sign in _SIGNS for end in range(1, len(sign)))
_FIRST = frozenset("<[◁")

_BEFORE_ROLE = frozenset(("<|im_start|>", "<|start|>", "<|start_header_id|>", "<start_of_turn>"))
_ROLES = frozenset(("assistant", "system", "user", "model"))
_BEFORE_CHANNEL = "<|channel|>"
_CHANNELS = {"analysis": "<|end|>", "commentary": "<|end|>", "final": ""}
"""By the name of a channel, what ends a message on it that is not spoken."""


class _State(Enum):
    TEXT = auto()
    SIGN = auto()
    """In what may become a sign."""
    NAME = auto()
    """Behind one that the name of a role or a channel follows."""
    BLOCK = auto()
    """In what is not spoken if it ends."""


def without_unspoken(text: str) -> str:
    """Return a whole `text` without it."""
    if _FIRST.isdisjoint(text):
        return text
    spoken = SpokenFilter()
    return spoken.add(text) + spoken.finish()


class SpokenFilter:
    """Lets through what is spoken of one text. What comes out does not depend on how it was cut."""

    def __init__(self) -> None:
        self._steps = {
            _State.TEXT: self._in_text,
            _State.SIGN: self._in_sign,
            _State.NAME: self._in_name,
            _State.BLOCK: self._in_block,
        }
        self._state = _State.TEXT
        self._held: list[str] = []
        self._names: dict[str, str] = {}  # that may follow, and the end of the block they begin
        self._end = ""  # of a block
        self._passed: list[str] = []
        self._last = ""  # the character that was passed last

    def add(self, text: str) -> str:
        """Take more of the text; return what is known to be spoken."""
        for char in text:
            self._steps[self._state](char)
        return self._take()

    def finish(self) -> str:
        """End the text; return the rest of it, a block without an end as well."""
        named = self._state is _State.NAME and "".join(self._held).lower() in self._names
        rest = "" if named else "".join(self._held)
        self._held, self._state = [], _State.TEXT
        return self._take() + rest

    def _take(self) -> str:
        passed, self._passed = "".join(self._passed), []
        return passed

    def _in_text(self, char: str) -> None:
        if char in _FIRST and self._last != "`":
            self._held, self._state = [char], _State.SIGN
        else:
            self._pass_on(char)

    def _pass_on(self, char: str) -> None:
        self._passed.append(char)
        self._last = char

    def _in_sign(self, char: str) -> None:
        self._held.append(char)
        sign = "".join(self._held).lower()
        if sign in _SIGNS or _TOKEN.fullmatch(sign):
            self._leave_out(sign)
        elif sign not in _PREFIXES and not _BEGINNING.fullmatch(sign):
            self._let_go()

    def _leave_out(self, sign: str) -> None:
        self._held, self._state = [], _State.TEXT
        self._pass_on(" ")
        if sign in _BLOCKS:
            self._end, self._state = _BLOCKS[sign], _State.BLOCK
        elif sign in _BEFORE_ROLE or sign == _BEFORE_CHANNEL:
            self._names = _CHANNELS if sign == _BEFORE_CHANNEL else dict.fromkeys(_ROLES, "")
            self._state = _State.NAME

    def _in_name(self, char: str) -> None:
        if char.isalpha() and len(self._held) < len("commentary"):
            self._held.append(char)
            return
        name = "".join(self._held).lower()
        if name in self._names:
            self._held, self._end = [], self._names[name]
            self._state = _State.BLOCK if self._end else _State.TEXT
            self._steps[self._state](char)
        else:
            self._held.append(char)
            self._let_go()

    def _let_go(self) -> None:
        """Go on with the text: what is held is no sign, though one may begin within it."""
        first, *others = self._held
        self._held, self._state = [], _State.TEXT
        self._pass_on(first)
        for char in others:
            self._steps[self._state](char)

    def _in_block(self, char: str) -> None:
        self._held.append(char)
        if char == self._end[-1] and "".join(self._held[-len(self._end) :]).lower() == self._end:
            self._held, self._state = [], _State.TEXT

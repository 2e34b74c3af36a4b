"""Text in, in pieces of any size; finished sentences out, the same however it was cut."""

from enum import Enum, auto

from wyoming_kokoro.text.reading.abbreviations import (
    begins_glued,
    begins_sentence,
    meaning_of_point,
)
from wyoming_kokoro.text.reading.endings import Ending, Rest, ending_of
from wyoming_kokoro.text.reading.punctuation import (
    BY_NEXT_WORD,
    CLOSERS,
    MARKS,
    NEWLINES,
    OPENERS,
    QUOTES,
    QUOTING,
    STOPS,
    VALUING,
    Point,
    is_emoji,
    is_han_or_kana,
    last_place_to_cut,
    may_be_factorial,
)


class _SplitterState(Enum):
    TEXT = auto()
    """Inside a sentence."""
    MARKS = auto()
    """After marks that may end it, and what closes with it."""
    GAP = auto()
    """After white space, waiting for what comes next."""
    NEXT_WORD = auto()
    """Inside the word that decides."""


class SentenceSplitter:
    """Cuts a stream of text into sentences.

    It takes one character after the other and decides on nothing else, so the sentences do not
    depend on how the text was cut, and the time is proportional to its length. A newline always
    ends a sentence. Where none has ended after `limit` characters one is made, at a clause mark
    or else a space in its second half.
    """

    def __init__(self, limit: int = 1000, language: str = "en") -> None:
        self._limit = limit
        self._language = language
        self._finished: list[str] = []
        self._steps = {
            _SplitterState.TEXT: self._in_text,
            _SplitterState.MARKS: self._after_marks,
            _SplitterState.GAP: self._in_gap,
            _SplitterState.NEXT_WORD: self._in_next_word,
        }
        self._reset()

    def _reset(self) -> None:
        self._text: list[str] = []
        self._state = _SplitterState.TEXT
        self._point = Point.ENDS
        self._marks = 0  # where the marks begin that may end the sentence
        self._end = 0  # where they and what closes with them end
        self._said = 0  # how much was given out already, when the stream paused

    @property
    def pending(self) -> str:
        """What belongs to no finished sentence yet."""
        return "".join(self._text[self._said :]).strip()

    def add(self, text: str) -> list[str]:
        """Take more text; return the sentences that it finished, without space around them."""
        for char in text:
            self._push(char)
        return self._take()

    def idle(self, *, long: bool = False) -> list[str]:
        """Return what is a whole sentence, though it is held back for what may follow.

        To be called when the stream pauses, with `long` when that has lasted: then what is only
        likely to be whole is given out as well (`endings` says what is). How the text is cut into
        sentences stays as it is; should the sentence go on after all, a `Rest` follows.
        """
        held = self._state in (_SplitterState.MARKS, _SplitterState.GAP)
        if held and any(map(str.isalnum, self._text[self._said : self._end])):
            ending = self._ending()
            if ending is Ending.CERTAIN or (long and ending is Ending.LIKELY):
                self._give_out(self._end)
                self._said = self._end
        return self._take()

    def _ending(self) -> Ending:
        run = self._run()
        single = [mark for mark in run if mark in MARKS] == ["."]
        point = self._judge_word() if single else Point.ENDS
        return ending_of("".join(self._text[: self._marks]), run, point)

    def finish(self) -> list[str]:
        """End the text; return the sentences left. The splitter is then as new."""
        self._flush()
        return self._take()

    def _take(self) -> list[str]:
        finished, self._finished = self._finished, []
        return finished

    def _push(self, char: str) -> None:
        if char in NEWLINES:
            self._flush()
            return
        self._steps[self._state](char)
        if len(self._text) >= self._limit:
            self._cut()

    def _in_text(self, char: str) -> None:
        if char.isspace() and not self._text:
            return
        if char in MARKS or is_emoji(char):
            self._state = _SplitterState.MARKS
            self._marks = len(self._text)
            self._end = self._marks + 1
        self._text.append(char)

    def _after_marks(self, char: str) -> None:
        if char in MARKS or char in CLOSERS or is_emoji(char):
            self._text.append(char)
            self._end = len(self._text)
        elif char.isspace():
            self._text.append(" ")
            self._decide_at_space()
        elif char.isupper() and self._run() == "." and self._follows_common_word():
            self._text.append(char)
            self._state = _SplitterState.NEXT_WORD
        else:
            if self._ends_before(char):
                self._split(self._end)
            self._state = _SplitterState.TEXT
            self._in_text(char)

    def _follows_common_word(self) -> bool:
        """Whether the marks follow a word in small letters that is no part of a name or address."""
        start = self._marks
        while start and self._text[start - 1].isalpha():
            start -= 1
        word = "".join(self._text[start : self._marks])
        outside = self._text[start - 1] if start else " "
        common = len(word) > 1 and word[-1].islower() and word != "www"
        return common and (outside.isspace() or outside in OPENERS or outside in "'’-")

    def _decide_at_space(self) -> None:
        self._point = self._judge()
        self._state = _SplitterState.GAP
        if self._point is Point.ENDS:
            self._split(self._end)
        elif self._point is Point.NEVER:
            self._split_before_item()
            self._state = _SplitterState.TEXT

    def _in_gap(self, char: str) -> None:
        if char.isspace():
            if self._text[-1] != " ":
                self._text.append(" ")
        elif char in MARKS:
            self._state = _SplitterState.TEXT
            self._in_text(char)
        elif char in OPENERS or not char.isalnum():
            self._text.append(char)
        elif char.isupper() and (
            self._point in BY_NEXT_WORD or (self._point is Point.CAPITAL and char in "NSEW")
        ):
            self._state = _SplitterState.NEXT_WORD
            self._text.append(char)
        else:
            if self._ends_at_gap_before(char):
                self._split(self._end)
            self._state = _SplitterState.TEXT
            self._in_text(char)

    def _ends_at_gap_before(self, char: str) -> bool:
        if char.isdigit() or (char in VALUING and self._may_be_factorial()):
            return False
        return self._point is Point.UNLESS_NUMBER or (
            self._point is Point.CAPITAL and not char.islower()
        )

    def _in_next_word(self, char: str) -> None:
        if char.isalnum() or char in "'’":
            self._text.append(char)
            return
        self._decide_by_next_word(char)
        self._in_text(char)

    def _decide_by_next_word(self, after: str = " ") -> None:
        self._state = _SplitterState.TEXT
        following = "".join(self._text[self._end :]).replace("’", "'")
        if following[0].isspace():
            begins = begins_sentence(self._point, following.strip("".join(OPENERS) + " "))
        else:
            begins = begins_glued(following.replace("'", ""), after)
        if begins:
            self._split(self._end)

    def _judge(self) -> Point:
        """Say what must follow for the marks just read to end the sentence."""
        run = self._run()
        marks = [mark for mark in run if mark in MARKS]
        closed = not QUOTES.isdisjoint(run)
        if not marks:
            spoken = any(map(str.isalnum, self._text[: self._marks]))
            return Point.STARTER if spoken else Point.NEVER
        if not STOPS.isdisjoint(marks):
            return Point.ENDS
        if marks == ["."]:
            point = self._judge_word()
            return Point.CAPITAL if closed and point is Point.ENDS else point
        if closed or self._may_be_factorial() or not {"!", "?"} & set(marks):
            return Point.CAPITAL
        return Point.ENDS

    def _judge_word(self) -> Point:
        start = self._word_start(self._marks)
        word = "".join(self._text[start : self._marks]).lstrip("".join(OPENERS))
        if not "".join(self._text[:start]).strip():
            if (word.isdecimal() and len(word) <= 3) or (len(word) == 1 and word != "I"):
                return Point.NEVER  # the number of a list's item
            return meaning_of_point(word, "", self._language)
        if word.isdecimal() and "".join(self._text).startswith(f"{int(word) - 1}. "):
            return Point.NEVER
        before = self._word_start(max(start - 1, 0))
        previous = "".join(self._text[before : max(start - 1, 0)])
        previous = previous if before else previous.lower()
        return meaning_of_point(word, previous, self._language)

    def _split_before_item(self) -> None:
        """Of `1. eggs 2. ` finish the first item."""
        start = self._word_start(self._marks)
        if start and "".join(self._text[start : self._marks]).isdigit():
            self._split(start)

    def _ends_before(self, char: str) -> bool:
        """Whether the marks end the sentence although `char` follows them without space."""
        if char in VALUING and self._may_be_factorial():
            return False
        run, last = self._run(), self._text[self._marks - 1] if self._marks else " "
        if not STOPS.isdisjoint(run):
            in_number = run == "．" and last.isdigit() and char.isdigit()
            quoted = run[-1] in QUOTES and char in QUOTING
            return not (in_number or quoted)
        if run[0] == ".":
            return char in "¿¡" or (is_han_or_kana(char) and is_han_or_kana(last))
        if run[0] not in "!?":
            return False
        if char in "¿¡" or is_han_or_kana(char) or (is_emoji(run[-1]) and char.isalnum()):
            return True
        start = self._word_start(self._marks)
        return char.isupper() and last.isalpha() and "/" not in self._text[start : self._marks]

    def _may_be_factorial(self) -> bool:
        return may_be_factorial(self._text[self._marks - 1] if self._marks else "", self._run())

    def _run(self) -> str:
        return "".join(self._text[self._marks : self._end])

    def _word_start(self, end: int) -> int:
        while end and not self._text[end - 1].isspace():
            end -= 1
        return end

    def _cut(self) -> None:
        """Make a sentence of text that does not end, at the best place in its second half."""
        text = "".join(self._text)
        state, point, marks, end = self._state, self._point, self._marks, self._end
        self._split(last_place_to_cut(text, self._limit // 2))
        gone = len(text) - len(self._text)
        if marks >= gone:
            self._state, self._point = state, point
            self._marks, self._end = marks - gone, end - gone

    def _flush(self) -> None:
        if self._state is _SplitterState.NEXT_WORD:
            self._decide_by_next_word()
        self._split(len(self._text))

    def _split(self, end: int) -> None:
        """Finish the sentence that ends at `end`; what follows begins the next."""
        self._give_out(end)
        rest = "".join(self._text[end:]).lstrip()
        said = max(0, self._said - (len(self._text) - len(rest)))
        self._reset()
        self._text.extend(rest)
        self._said = said

    def _give_out(self, end: int) -> None:
        """Give out the text up to `end`, but for what was given out when the stream paused."""
        text = "".join(self._text[self._said : end])
        if text.strip():
            self._finished.append(Rest(text.rstrip()) if self._said else text.strip())

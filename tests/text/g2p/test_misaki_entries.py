import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.text.g2p.misaki_english import Entry, SortedEntries

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4)
READINGS = st.text('abcˈ"\\', max_size=3)
ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    READINGS, st.dictionaries(st.sampled_from(["NOUN", "DEFAULT"]), READINGS, min_size=1)
)


def as_written(word: str) -> bytes:
    return json.dumps(word, ensure_ascii=False)[1:-1].encode()


@settings(deadline=None)
@given(st.dictionaries(WORDS, ENTRIES), WORDS)
def test_a_word_is_found_as_in_the_whole_file(entries: dict[str, Entry], other: str) -> None:
    ordered = {word: entries[word] for word in sorted(entries, key=as_written)}
    with tempfile.NamedTemporaryFile() as file:
        path = Path(file.name)
        path.write_text(json.dumps(ordered, indent=2, ensure_ascii=False), "utf-8")
        found = SortedEntries(path)
    assert {word: found.find(word) for word in entries} == entries
    assert found.find(other) == entries.get(other)

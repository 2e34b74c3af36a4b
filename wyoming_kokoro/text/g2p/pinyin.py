"""Readings of Mandarin that pypinyin lacks or has otherwise.

`pinyin.tsv` has most of them: words of phrase-pinyin-data (mozillazg, MIT) that are not read as
their characters are, written by `script/pinyin`. All its 400,000 words would take 250 MB.
"""

from pathlib import Path

from wyoming_kokoro.text.normalize.tables import pairs

FIRST_READINGS = pairs("为: wéi, 长: cháng, 得: de, 地: de, 调: tiáo, 淂: děi")
"""Characters, and how they are read outside of words that the dictionaries have."""

_WORDS = pairs(
    """
    为您: wèi nín, 为你: wèi nǐ, 为我: wèi wǒ, 为他: wèi tā, 为她: wèi tā, 为大家: wèi dà jiā,
    必须得: bì xū děi, 我得: wǒ děi, 你得: nǐ děi, 您得: nín děi, 还得: hái děi, 就得: jiù děi,
    长高: zhǎng gāo, 多长时间: duō cháng shí jiān, 温差: wēn chā, 时差: shí chā, 供暖: gōng nuǎn,
    重设: chóng shè, 重载: chóng zài, 重装: chóng zhuāng, 重放: chóng fàng, 还款: huán kuǎn,
    重命名: chóng mìng míng, 重配: chóng pèi, 下载: xià zài, 分散: fēn sàn, 卷帘: juǎn lián,
    盛水: chéng shuǐ, 地暖: dì nuǎn, 地漏: dì lòu, 地垫: dì diàn, 地灯: dì dēng, 地库: dì kù,
    一样: yí yàng, 一下: yí xià, 一些: yì xiē, 一时: yì shí, 一定: yí dìng, 一共: yí gòng,
    一直: yì zhí, 一切: yí qiè, 一起: yì qǐ, 一般: yì bān, 一旦: yí dàn, 一会儿: yí huì ér,
    长得: zhǎng de, 得了: dé le, 受得了: shòu de liǎo, 做得了: zuò de liǎo, 办得了: bàn de liǎo,
    他得: tā děi, 她得: tā děi, 我们得: wǒ men děi, 你们得: nǐ men děi, 他们得: tā men děi,
    他得了: tā dé le, 她得了: tā dé le, 我得了: wǒ dé le, 你得了: nǐ dé le, 都得: dōu děi,
    也得: yě děi, 总得: zǒng děi, 还书: huán shū, 还钱: huán qián, 还车: huán chē, 还债: huán zhài,
    还贷: huán dài, 还清: huán qīng, 还给: huán gěi,
    勒克斯: lè kè sī, 率为: lǜ wéi, 色调: sè diào, 音调: yīn diào, 语调: yǔ diào
    """
)
_NUMERALS = pairs(
    "一: yī, 两: liǎng, 三: sān, 四: sì, 五: wǔ, 六: liù, 七: qī, 八: bā, 九: jiǔ, 几: jǐ"
)

_COUNTED = {f"{numeral}只": f"{reading} zhī" for numeral, reading in _NUMERALS.items()}


def words() -> dict[str, str]:
    """Return words and the reading of each of their characters."""
    table = Path(__file__).with_name("pinyin.tsv").read_text(encoding="utf-8")
    return {**dict(line.split("\t") for line in table.splitlines()), **_COUNTED, **_WORDS}

"""Units, money, names in letters and figures, and measure words of Mandarin."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs

COUNTED = "counted"
"""Form of numbers before what is counted: 2 is 两."""

MEASURES = (
    "(?:个|位|只|条|张|台|盏|首|部|种|次|倍|度|天|周(?!年)|年(?!级)|岁|点|小时|钟头|分钟|秒|人|名|家|间|"
    "扇|件|本|块|元|角|米|公里|千米|厘米|毫米|英里|斤|公斤|千克|克|吨|升|毫升|杯|瓶|勺|匙|节(?!课)|碗|盘|壶|锅|桶|盒|袋|箱|罐|包|滴|步|圈|串|批|栋|幢|幅|束|排|份|页|遍|场|封|"
    "把|套|组|辆|层|项|根|片|颗|粒|棵|朵|头|匹|双|对|支|枝|架|座|段|句|篇|幅|趟|顿|道(?!路)|"
    "瓦|千瓦|伏|安|万|亿|千|平方|立方|美元|欧元|英镑|日元)"
)
"""Pattern of what follows 两 rather than 二."""

UNITS = Units(
    exact={
        **nouns(
            """
            °: 度, °C: 摄氏度, ° C: 摄氏度, ºC: 摄氏度, °F: 华氏度, ° F: 华氏度, km/h: 公里每小时,
            kmh: 公里每小时, kph: 公里每小时, m/s: 米每秒, mph: 英里每小时, mi: 英里, ft: 英尺,
            in: 英寸, yd: 码, lb: 磅, lbs: 磅, oz: 盎司, gal: 加仑, kWh: 千瓦时, kwh: 千瓦时,
            Wh: 瓦时, MWh: 兆瓦时, GWh: 吉瓦时, kVA: 千伏安, VA: 伏安, kWp: 峰值千瓦, mAh: 毫安时,
            Ah: 安时, A: 安, mA: 毫安, µA: 微安, t: 吨, kg: 公斤, mg: 毫克, µg: 微克, μg: 微克,
            km: 公里, cm: 厘米, mm: 毫米, nm: 纳米, h: 小时, hr: 小时, hrs: 小时, hours: 小时,
            hour: 小时, min: 分钟, mins: 分钟, minutes: 分钟, minute: 分钟, s: 秒, sec: 秒,
            secs: 秒, seconds: 秒, ms: 毫秒, d: 天, days: 天, day: 天, lux: 勒克斯, lx: 勒克斯,
            lm: 流明, cd: 坎德拉, dB: 分贝, dBA: 分贝, dBm: dBm, K: 开尔文, rpm: 转每分钟,
            RPM: 转每分钟, bpm: 次每分钟, ppm: ppm, ppb: ppb, psi: psi, hPa: 百帕, mbar: 毫巴,
            bar: 巴, mmHg: 毫米汞柱, atm: 大气压, kcal: 千卡, cal: 卡, bps: 比特每秒,
            kbps: 千比特每秒, Kbps: 千比特每秒, Mbps: 兆比特每秒, Gbps: 吉比特每秒, fps: 帧每秒,
            px: 像素, MP: 百万像素, m2: 平方米, m²: 平方米, m³: 立方米, m3: 立方米, km2: 平方公里,
            km²: 平方公里,
            cm2: 平方厘米, cm3: 立方厘米, cc: 毫升, ml: 毫升, mL: 毫升, KB: KB, MB: 兆字节, GB: GB,
            TB: TB, kB: KB, ha: 公顷, ′: 分, ″: 英寸
            """,
            COUNTED,
        ),
    },
    bases=nouns(
        """
        m: 米, g: 克, l: 升, L: 升, W: 瓦, V: 伏, J: 焦, N: 牛, Pa: 帕, Hz: 赫兹, B: 字节, b: 比特,
        Ω: 欧姆, F: 法拉, Sv: 西弗, Bq: 贝克勒尔
        """,
        COUNTED,
    ),
    prefixes=pairs(
        """
        k: 千, K: 千, M: 兆, G: 吉, T: 太, h: 百, d: 分, c: 厘, m: 毫, µ: 微, μ: 微, u: 微, n: 纳
        """
    ),
    prefixed_only=frozenset(["F", "b"]),
    durations=pairs(
        """
        d: d, days: d, h: h, hr: h, hrs: h, hours: h, hour: h, m: min, min: min, mins: min,
        minutes: min, s: s, sec: s, seconds: s
        """
    ),
    said="{number}{unit}",
    per="{unit}每{per}",
    powers={"²": "平方{unit}", "³": "立方{unit}"},
    percent="百分之{number}",
    percents="百分比",
    tight=frozenset(["in", "d", "′", "″"]),
)


def _currency(name: str) -> Currency:
    return Currency(Noun(name, name, COUNTED))


MONEY = Money(
    signs={
        sign: _currency(name)
        for sign, name in pairs(
            """
            ¥: 元, CN¥: 元, RMB: 元, CNY: 元, $: 美元, US$: 美元, USD: 美元, €: 欧元, EUR: 欧元,
            £: 英镑, GBP: 英镑, JP¥: 日元, JPY: 日元, ₹: 卢比, INR: 卢比, HK$: 港元, HKD: 港元,
            NT$: 新台币, A$: 澳元, AUD: 澳元, C$: 加元, CAD: 加元, CHF: 瑞士法郎, ₩: 韩元,
            KRW: 韩元, ₽: 卢布, RUB: 卢布, ₺: 里拉, TRY: 里拉, ₫: 越南盾, ฿: 泰铢, ₿: 比特币,
            BTC: 比特币
            """
        ).items()
    },
    magnitudes=nouns(
        "万: 万, 亿: 亿, 千: 千, 百万: 百万, k: 千, K: 千, M: 百万, m: 百万, B: 十亿, bn: 十亿"
    ),
    of="{number}{currency}",
)

ACRONYMS = pairs(
    """
    Zigbee2MQTT: Zigbee to MQTT,
    CO2: 二氧化碳, CO₂: 二氧化碳, eCO2: 等效二氧化碳, PM1: PM 一, PM2.5: PM 二点五, PM10: PM 十,
    H2O: H 二 O, H₂O: H 二 O, NO2: 二氧化氮, NO₂: 二氧化氮, SO2: 二氧化硫, SO₂: 二氧化硫, O3: 臭氧,
    O₃: 臭氧, O2: 氧气, O₂: 氧气, CH4: 甲烷, CH₄: 甲烷, NH3: 氨气, NH₃: 氨气, 24/7: 全天候,
    4K: 四 K, 8K: 八 K, 5G: 五 G, 4G: 四 G, C++: C 加加, C#: C 井
    """
)

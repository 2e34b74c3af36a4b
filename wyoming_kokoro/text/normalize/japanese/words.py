"""Units, money, letters and foreign words of Japanese, in katakana."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs

_LETTERS = pairs(
    """
    A: エー, B: ビー, C: シー, D: ディー, E: イー, F: エフ, G: ジー, H: エイチ, I: アイ, J: ジェー,
    K: ケー, L: エル, M: エム, N: エヌ, O: オー, P: ピー, Q: キュー, R: アール, S: エス, T: ティー,
    U: ユー, V: ブイ, W: ダブリュー, X: エックス, Y: ワイ, Z: ゼット
    """
)


def spell(letters: str) -> str:
    """Return the names of letters: エルイーディー."""
    return "".join(_LETTERS.get(letter, letter) for letter in letters.upper())


UNITS = Units(
    exact={
        **nouns(
            """
            K: ケルビン, h: ジカン, min: フン, s: ビョー, d: ニチ, m/s: メートルマイビョー,
            mi: マイル, mph: マイルマイジ, ft: フィート, in: インチ, ″: インチ, yd: ヤード,
            lb: ポンド, lbs: ポンド, oz: オンス, gal: ガロン, Wh: ワットジ, VA: ボルトアンペア,
            A: アンペア, mA: ミリアンペア, mAh: ミリアンペアジ, Ah: アンペアジ, lx: ルクス,
            lux: ルクス, hPa: ヘクトパスカル, lm: ルーメン, cd: カンデラ, dB: デシベル,
            dBA: デシベル, dBm: ディービーエム, ms: ミリビョー, bps: ビーピーエス,
            kbps: キロビーピーエス, Kbps: キロビーピーエス, Mbps: メガビーピーエス,
            Gbps: ギガビーピーエス, fps: エフピーエス, bar: バール, mbar: ミリバール, atm: 気圧,
            ha: ヘクタール, cc: シーシー, mL: ミリリットル, ml: ミリリットル, dL: デシリットル,
            m2: 平方メートル, m²: 平方メートル, m³: 立方メートル, m3: 立方メートル,
            km2: 平方キロメートル, cm2: 平方センチメートル,
            cm3: 立方センチメートル, rpm: 回転, RPM: 回転, bpm: ビーピーエム,
            mmHg: ミリメートルエイチジー, MP: メガピクセル
            """
        ),
        **nouns("cm: センチメートル, t: トン", "s"),
        **nouns("°: ド, °C: ド, ° C: ド, ºC: ド", "zero"),
        **nouns(
            """
            px: ピクセル, ppm: ピーピーエム, ppb: ピーピービー, psi: ピーエスアイ, cal: カロリー
            """,
            "t",
        ),
        **nouns(
            """
            km/h: キロメートルマイジ, kmh: キロメートルマイジ, kph: キロメートルマイジ,
            kWh: キロワットジ, kwh: キロワットジ, kVA: キロボルトアンペア, kcal: キロカロリー,
            km: キロメートル, kg: キログラム
            """,
            "kilo",
        ),
    },
    bases=nouns(
        """
        m: メートル, g: グラム, l: リットル, L: リットル, W: ワット, Wh: ワットジ, V: ボルト,
        J: ジュール, N: ニュートン, Pa: パスカル, Hz: ヘルツ, B: バイト, b: ビット, Ω: オーム,
        F: ファラド, Sv: シーベルト, Bq: ベクレル
        """
    ),
    prefixes=pairs(
        """
        k: キロ, K: キロ, M: メガ, G: ギガ, T: テラ, h: ヘクト, d: デシ, c: センチ, m: ミリ,
        µ: マイクロ, μ: マイクロ, u: マイクロ, n: ナノ
        """
    ),
    prefixed_only=frozenset(["F", "b"]),
    said="{number}{unit}",
    per="{unit}マイ{per}",
    powers={"²": "平方{unit}", "³": "立方{unit}"},
    percent="{number}パーセント",
    percents="パーセント",
    tight=frozenset(["in", "d", "″"]),
)


def _decimal(name: str) -> Currency:
    return Currency(Noun(name, name), Noun("セント", "セント"))


_YEN = Currency(Noun("エン", "エン", "four"))

MONEY = Money(
    signs={
        **dict.fromkeys(("¥", "JP¥", "JPY"), _YEN),
        **dict.fromkeys(("$", "US$", "USD"), _decimal("ドル")),
        **dict.fromkeys(("€", "EUR"), _decimal("ユーロ")),
        **{
            sign: Currency(Noun(name, name))
            for sign, name in pairs(
                """
                £: ポンド, GBP: ポンド, ₹: ルピー, INR: ルピー, CNY: 元, CN¥: 元, ₩: ウォン,
                KRW: ウォン, ₽: ルーブル, RUB: ルーブル, ₺: リラ, TRY: リラ, ₫: ドン, ฿: バーツ,
                CHF: スイスフラン, A$: オーストラリアドル, AUD: オーストラリアドル,
                C$: カナダドル, CAD: カナダドル, ₿: ビットコイン, BTC: ビットコイン
                """
            ).items()
        },
    },
    both="{major}{minor}",
    magnitudes=nouns("万: マン, 億: オク, k: 千, K: 千, M: 百万, m: 百万, B: 十億, bn: 十億"),
    of="{number}{currency}",
)

ACRONYMS = pairs(
    """
    Zigbee2MQTT: ジグビーツーエムキューティーティー,
    CO2: シーオーツー, CO₂: シーオーツー, eCO2: イーシーオーツー, PM1: ピーエムイチ,
    PM2.5: ピーエムニーテンゴ, PM10: ピーエムジュー, H2O: エイチツーオー, H₂O: エイチツーオー,
    NO2: エヌオーツー, NO₂: エヌオーツー, SO2: エスオーツー, SO₂: エスオーツー, O3: オゾン,
    O₃: オゾン, O2: 酸素, O₂: 酸素, CH4: メタン, CH₄: メタン, 24/7: ニジューヨジカン, 4K: ヨンケー,
    8K: ハチケー, 5G: ファイブジー, 4G: フォージー, Wi-Fi: ワイファイ, C++: シープラスプラス,
    JR: ジェイアール, C#: シーシャープ, 3D: スリーディー, 2D: ツーディー, MP3: エムピースリー,
    MP4: エムピーフォー
    """
)

WORDS = pairs(
    """
    tv: テレビ, wifi: ワイファイ, ok: オーケー, vs: バーサス, am: エーエム, pm: ピーエム,
    nasa: ナサ, ram: ラム, rom: ロム, lan: ラン, pin: ピン, sim: シム, gif: ジフ,
    iot: アイオーティー, jpeg: ジェーペグ, hue: ヒュー, home: ホーム, assistant: アシスタント,
    light: ライト, lights: ライト, lamp: ランプ, kitchen: キッチン, living: リビング, room: ルーム,
    bedroom: ベッドルーム, bathroom: バスルーム, office: オフィス, garage: ガレージ, hall: ホール,
    hallway: 廊下, garden: ガーデン, door: ドア, window: ウィンドウ, sensor: センサー,
    temperature: 温度, temp: 温度, humidity: 湿度, switch: スイッチ, plug: プラグ, fan: ファン,
    climate: エアコン, cover: カバー, lock: ロック, media: メディア, player: プレーヤー,
    camera: カメラ, motion: モーション, battery: バッテリー, power: パワー, energy: エネルギー,
    speaker: スピーカー, timer: タイマー, alarm: アラーム, music: ミュージック, movie: ムービー,
    video: ビデオ, mode: モード, auto: オート, on: オン, off: オフ, eco: エコ, smart: スマート,
    echo: エコー, dot: ドット, show: ショー, spotify: スポティファイ, netflix: ネットフリックス,
    youtube: ユーチューブ, amazon: アマゾン, prime: プライム, google: グーグル, nest: ネスト,
    alexa: アレクサ, siri: シリ, apple: アップル, iphone: アイフォーン, ipad: アイパッド,
    mac: マック, android: アンドロイド, windows: ウィンドウズ, linux: リナックス, python: パイソン,
    docker: ドッカー, github: ギットハブ, chatgpt: チャットジーピーティー, openai: オープンエーアイ,
    kokoro: ココロ, zigbee: ジグビー, bluetooth: ブルートゥース, matter: マター, thread: スレッド,
    philips: フィリップス, sonos: ソノス, ikea: イケア, roomba: ルンバ, dyson: ダイソン,
    sony: ソニー, panasonic: パナソニック, sharp: シャープ, toyota: トヨタ, tesla: テスラ,
    microsoft: マイクロソフト, twitter: ツイッター, facebook: フェイスブック,
    instagram: インスタグラム, line: ライン, zoom: ズーム, max: マックス, min: ミニマム, pro: プロ,
    mini: ミニ, plus: プラス, app: アプリ, server: サーバー, update: アップデート,
    version: バージョン, error: エラー, email: イーメール, mail: メール, web: ウェブ,
    online: オンライン, offline: オフライン, automation: オートメーション, scene: シーン,
    script: スクリプト, hello: ハロー, good: グッド, morning: モーニング, night: ナイト,
    thank: サンキュー, you: ユー, yes: イエス, no: ノー, the: ザ, of: オブ, and: アンド, to: トゥー,
    in: イン, for: フォー, is: イズ, new: ニュー, jr: ジュニア, dr: ドクター, mr: ミスター,
    example: イグザンプル, com: コム, org: オルグ, net: ネット, jp: ジェーピー,
    http: エイチティーティーピー, https: エイチティーティーピーエス,
    www: ダブリューダブリューダブリュー, local: ローカル, info: インフォ, admin: アドミン,
    i'm: アイム, don't: ドント, let's: レッツ, it's: イッツ, that's: ザッツ, can't: キャント,
    what's: ワッツ, you're: ユア, i'll: アイル, we're: ウィア, isn't: イズント, he's: ヒーズ,
    she's: シーズ, there's: ゼアズ, didn't: ディドント, won't: ウォント, i've: アイブ, go: ゴー,
    test: テスト, user: ユーザー, config: コンフィグ, password: パスワード, type: タイプ,
    ver: バージョン, co: シーオー, path: パス, world: ワールド, weather: ウェザー, sun: サン,
    person: パーソン, zone: ゾーン, vacuum: バキューム, button: ボタン, number: ナンバー,
    select: セレクト, group: グループ, remote: リモコン, device: デバイス, kid: キッズ,
    kids: キッズ, front: フロント, back: バック, main: メイン, floor: フロア, desk: デスク,
    table: テーブル, ceiling: シーリング, outdoor: 屋外, indoor: 屋内, water: ウォーター,
    heater: ヒーター, washer: 洗濯機, coffee: コーヒー, maker: メーカー, blue: ブルー, red: レッド,
    green: グリーン, white: ホワイト, black: ブラック, warm: ウォーム, cool: クール,
    menu: メニュー, beta: ベータ, tokyo: トーキョー, game: ゲーム, live: ライブ, radio: ラジオ,
    banana: バナナ, piano: ピアノ, image: イメージ, store: ストア, play: プレイ, pay: ペイ,
    watch: ウォッチ, phone: フォン, air: エアー, raspberry: ラズベリー,
    pi: パイ, shelly: シェリー, tasmota: タスモタ, frigate: フリゲート, roborock: ロボロック,
    aqara: アカラ, thermostat: サーモスタット, dashboard: ダッシュボード, reactor: リアクター,
    cloud: クラウド, homeassistant: ホームアシスタント, nabu: ナブ, casa: カーサ
    """
)
"""Foreign words, lower case, as Japanese says them."""

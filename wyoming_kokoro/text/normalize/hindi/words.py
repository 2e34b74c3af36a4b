"""Units, money, letters and foreign words of Hindi."""

from wyoming_kokoro.text.normalize.locale import Units
from wyoming_kokoro.text.normalize.numbers import Currency, Money, Noun
from wyoming_kokoro.text.normalize.tables import nouns, pairs, words

_LETTERS = pairs(
    """
    A: ए, B: बी, C: सी, D: डी, E: ई, F: एफ़, G: जी, H: एच, I: आई, J: जे, K: के, L: एल, M: एम, N: एन,
    O: ओ, P: पी, Q: क्यू, R: आर, S: एस, T: टी, U: यू, V: वी, W: डब्ल्यू, X: एक्स, Y: वाई, Z: ज़ेड
    """
)

MONTHS = words("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर")


def spell(letters: str) -> str:
    """Return the names of letters in one word, as Hindi writes them: एलईडी."""
    return "".join(_LETTERS.get(letter, letter) for letter in letters.upper())


UNITS = Units(
    exact={
        **nouns(
            """
            °: डिग्री, °C: डिग्री सेल्सियस, ° C: डिग्री सेल्सियस, ºC: डिग्री सेल्सियस,
            ℃: डिग्री सेल्सियस, °F: डिग्री फ़ारेनहाइट, ° F: डिग्री फ़ारेनहाइट, ℉: डिग्री फ़ारेनहाइट,
            K: केल्विन, h: घंटा/घंटे, hr: घंटा/घंटे, hrs: घंटा/घंटे, hour: घंटा/घंटे,
            hours: घंटा/घंटे, min: मिनट, mins: मिनट, minutes: मिनट, s: सेकंड, sec: सेकंड,
            secs: सेकंड, ms: मिलीसेकंड, d: दिन, days: दिन, kWh: किलोवाट घंटा/किलोवाट घंटे,
            kwh: किलोवाट घंटा/किलोवाट घंटे, Wh: वाट घंटा/वाट घंटे, MWh: मेगावाट घंटा/मेगावाट घंटे,
            km/h: किलोमीटर प्रति घंटा, kmh: किलोमीटर प्रति घंटा, kmph: किलोमीटर प्रति घंटा,
            kph: किलोमीटर प्रति घंटा, m/s: मीटर प्रति सेकंड, mph: मील प्रति घंटा, mi: मील, ft: फ़ुट,
            in: इंच, ": इंच, ″: इंच, ': फ़ुट, ′: फ़ुट,
            yd: गज, lb: पाउंड, lbs: पाउंड, oz: औंस, gal: गैलन, t: टन, A: एम्पीयर,
            mA: मिलीएम्पीयर, mAh: मिलीएम्पीयर घंटा/मिलीएम्पीयर घंटे, Ah: एम्पीयर घंटा/एम्पीयर घंटे,
            VA: वोल्ट एम्पीयर, kVA: किलोवोल्ट एम्पीयर, dB: डेसिबल, dBA: डेसिबल, dBm: डीबीएम,
            lx: लक्स, lux: लक्स, lm: लुमेन, cd: कैंडेला, ppm: पीपीएम, ppb: पीपीबी, rpm: आरपीएम,
            RPM: आरपीएम, bpm: बीपीएम, psi: पीएसआई, mbar: मिलीबार, bar: बार, mmHg: मिलीमीटर मरकरी,
            kcal: किलोकैलोरी, cal: कैलोरी, bps: बिट प्रति सेकंड, kbps: किलोबिट प्रति सेकंड,
            Kbps: किलोबिट प्रति सेकंड, Mbps: मेगाबिट प्रति सेकंड, Gbps: गीगाबिट प्रति सेकंड,
            fps: एफ़पीएस, px: पिक्सेल, MP: मेगापिक्सेल, m2: वर्ग मीटर, m3: घन मीटर,
            km2: वर्ग किलोमीटर, cm2: वर्ग सेंटीमीटर, cm3: घन सेंटीमीटर, sq ft: वर्ग फ़ुट,
            sqft: वर्ग फ़ुट, ha: हेक्टेयर, cc: सीसी, डि.से.: डिग्री सेल्सियस,
            किमी/घंटा: किलोमीटर प्रति घंटा, कि.मी./घंटा: किलोमीटर प्रति घंटा,
            किमी/घं: किलोमीटर प्रति घंटा, किमी: किलोमीटर, कि.मी.: किलोमीटर, सेमी: सेंटीमीटर,
            से.मी.: सेंटीमीटर, मिमी: मिलीमीटर, मि.मी.: मिलीमीटर, किग्रा: किलोग्राम,
            कि.ग्रा.: किलोग्राम, मिली: मिलीलीटर, मि.ली.: मिलीलीटर
            """
        ),
    },
    bases=nouns(
        """
        m: मीटर, g: ग्राम, l: लीटर, L: लीटर, W: वाट, V: वोल्ट, J: जूल, N: न्यूटन, Pa: पास्कल,
        Hz: हर्ट्ज़, B: बाइट, b: बिट, Ω: ओम, F: फ़ैराड, Sv: सीवर्ट, Bq: बेकरेल
        """
    ),
    prefixes=pairs(
        """
        k: किलो, K: किलो, M: मेगा, G: गीगा, T: टेरा, h: हेक्टो, d: डेसी, c: सेंटी, m: मिली,
        µ: माइक्रो, μ: माइक्रो, u: माइक्रो, n: नैनो
        """
    ),
    prefixed_only=frozenset(["F", "b"]),
    durations=pairs(
        """
        d: d, days: d, h: h, hr: h, hrs: h, hours: h, hour: h, m: min, min: min, mins: min,
        minutes: min, s: s, sec: s, secs: s
        """
    ),
    per="{unit} प्रति {per}",
    powers={"²": "वर्ग {unit}", "³": "घन {unit}"},
    percent="{number} प्रतिशत",
    percents="प्रतिशत",
    tight=frozenset(["in", "d", "'", '"']),
)


def _currency(table: str) -> dict[str, Currency]:
    """Read signs with the one and many of what they mean, and of its hundredths if it has any."""
    return {
        sign: Currency(*(Noun(*names.split("/")) for names in said.split(" + ")))
        for sign, said in pairs(table).items()
    }


MONEY = Money(
    signs=_currency(
        """
        ₹: रुपया/रुपये + पैसा/पैसे, Rs.: रुपया/रुपये + पैसा/पैसे, Rs: रुपया/रुपये + पैसा/पैसे,
        रु.: रुपया/रुपये + पैसा/पैसे, रु: रुपया/रुपये + पैसा/पैसे, INR: रुपया/रुपये + पैसा/पैसे,
        $: डॉलर/डॉलर + सेंट/सेंट, US$: डॉलर/डॉलर + सेंट/सेंट, USD: डॉलर/डॉलर + सेंट/सेंट,
        €: यूरो/यूरो + सेंट/सेंट, EUR: यूरो/यूरो + सेंट/सेंट, £: पाउंड/पाउंड + पेंस/पेंस,
        GBP: पाउंड/पाउंड + पेंस/पेंस, ¥: येन/येन, JPY: येन/येन, CNY: युआन/युआन,
        CHF: स्विस फ़्रैंक/स्विस फ़्रैंक, A$: ऑस्ट्रेलियाई डॉलर/ऑस्ट्रेलियाई डॉलर,
        ₺: लीरा/लीरा, TRY: लीरा/लीरा, ₽: रूबल/रूबल, RUB: रूबल/रूबल, ₩: वॉन/वॉन, KRW: वॉन/वॉन,
        ₿: बिटकॉइन/बिटकॉइन, BTC: बिटकॉइन/बिटकॉइन
        """
    ),
    both="{major} {minor}",
    magnitudes=nouns(
        """
        हज़ार: हज़ार, हजार: हज़ार, लाख: लाख, लाख करोड़: लाख करोड़, करोड़: करोड़, अरब: अरब, k: हज़ार,
        K: हज़ार, L: लाख, Cr: करोड़, M: मिलियन, m: मिलियन, B: बिलियन, bn: बिलियन, मिलियन: मिलियन,
        बिलियन: बिलियन
        """
    ),
)

ABBREVIATIONS = pairs(
    """
    डॉ.: डॉक्टर, श्री.: श्री, प्रो.: प्रोफ़ेसर, कि.मी.: किलोमीटर, रु.: रुपये, ई.पू.: ईसा पूर्व,
    पृ.: पृष्ठ, सं.: संख्या, कु.: कुमारी, श्रीमती.: श्रीमती, पं.: पंडित, स्व.: स्वर्गीय, नं.: नंबर,
    Dr.: डॉक्टर, Mr.: मिस्टर, Mrs.: मिसेज़
    """
)

ACRONYMS = pairs(
    """
    Zigbee2MQTT: ज़िगबी टू एमक्यूटीटी,
    CO2: सीओ टू, CO₂: सीओ टू, eCO2: ईसीओ टू, PM1: पीएम एक, PM2.5: पीएम दो दशमलव पाँच, PM10: पीएम दस,
    H2O: एच टू ओ, H₂O: एच टू ओ, NO2: एनओ टू, NO₂: एनओ टू, SO2: एसओ टू, SO₂: एसओ टू, O3: ओज़ोन,
    O₃: ओज़ोन, O2: ऑक्सीजन, O₂: ऑक्सीजन, 24/7: चौबीसों घंटे, 24x7: चौबीसों घंटे, 24×7: चौबीसों घंटे,
    4K: फ़ोर के, 5G: फ़ाइव जी, 4G: फ़ोर जी
    """
)

WORDS = pairs(
    """
    wi-fi: वाई-फ़ाई, wifi: वाई-फ़ाई, ok: ओके, nasa: नासा, ram: रैम, lan: लैन, sim: सिम, pin: पिन,
    am: एएम, pm: पीएम, vs: बनाम, tv: टीवी, isro: इसरो, upi: यूपीआई, iot: आईओटी, bluetooth: ब्लूटूथ,
    google: गूगल, alexa: एलेक्सा, youtube: यूट्यूब, whatsapp: व्हाट्सऐप, spotify: स्पॉटिफ़ाई,
    netflix: नेटफ़्लिक्स, home: होम, assistant: असिस्टेंट,
    sensor: सेंसर, living: लिविंग, bedroom: बेडरूम, lights: लाइट्स, temp: टेम्प,
    temperature: टेम्परेचर, battery: बैटरी, camera: कैमरा, garage: गैराज, update: अपडेट,
    homeassistant: होम असिस्टेंट, iphone: आईफ़ोन, ipad: आईपैड, example: एग्ज़ाम्पल,
    com: कॉम, speaker: स्पीकर, timer: टाइमर,
    vacuum: वैक्यूम, fan: फ़ैन, the: द, office: ऑफ़िस, door: डोर, window: विंडो, hall: हॉल
    """
)
"""Foreign words, lower case, as Hindi writes them."""

import pytest

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

BR = language_named("pt_BR")


SAID = {
    # Gender
    "2 lâmpadas e 2 sensores": "duas lâmpadas e dois sensores",
    "1 mensagem, 1 dia e 1 problema": "uma mensagem, um dia e um problema",
    "200 pessoas e 300 g": "duzentas pessoas e trezentos gramas",
    "2 mil pessoas": "duas mil pessoas",
    "a sala 2 ativada": "a sala dois ativada",
    "Desde as 2.": "Desde as duas.",
    "São 2 da manhã.": "São duas da manhã.",
    "2-3 horas": "duas a três horas",
    # Numbers
    "1.234.567": "um milhão duzentos e trinta e quatro mil quinhentos e sessenta e sete",
    "100 000 passos": "cem mil passos",
    "0,05": "zero vírgula zero cinco",
    "21.5 °C": "vinte e um vírgula cinco graus Celsius",
    "0 °C, 1 °C e 1,5 °C": ("zero graus Celsius, um grau Celsius e um vírgula cinco graus Celsius"),
    "o 21º andar, a 32ª vez": "o vigésimo primeiro andar, a trigésima segunda vez",
    "no 3° andar": "no terceiro andar",
    "Faz 25º agora.": "Faz vinte e cinco graus agora.",
    # Times
    "às 14:07:30": "às catorze horas, sete minutos e trinta segundos",
    "das 9h-18h": "das nove horas às dezoito horas",
    "às 19:30 horas": "às dezenove e trinta",
    "de 12:00-13:00": "de doze horas às treze horas",
    "das 12:00–1:15": "das doze horas à uma e quinze",
    "faltam 2h15": "faltam duas horas e quinze minutos",
    "7:05 AM, 2 PM": "sete e cinco da manhã, duas da tarde",
    "30 seg. depois": "trinta segundos depois",
    # Dates
    "seg, 1º de fev. de 2027": "segunda, primeiro de fevereiro de dois mil e vinte e sete",
    "6ª-feira": "sexta-feira",
    "sábado, 14/07": "sábado, catorze de julho",
    "seg.-sex.": "segunda a sexta.",
    # Money
    "R$ 1,00, R$ 0,89": "um real, oitenta e nove centavos",
    "R$ 10 mil": "dez mil reais",
    "R$ 2,5 bi": "dois vírgula cinco bilhões de reais",
    "-R$ 50,00": "menos cinquenta reais",
    "R$ 50/mês": "cinquenta reais por mês",
    "150 milhões de km": "cento e cinquenta milhões de quilômetros",
    # Names and codes
    "Luís XV, Pedro II e Isabel II": "Luís quinze, Pedro segundo e Isabel segunda",
    "a II Guerra Mundial": "a Segunda Guerra Mundial",
    "a senha é 0421": "a senha é zero quatro dois um",
    "CEP 01310-100": "cep zero um três um zero, um zero zero",
    "0800 123 4567": "zero oitocentos, um dois três, quatro cinco seis sete",
    "ligue para 192": "ligue para um nove dois",
    "Brasil 2 x 1 Chile": "Brasil dois a um Chile",
    "vento SO": "vento sudoeste",
    "o ônibus 21 chega em 1h45": "o ônibus vinte e um chega em uma hora e quarenta e cinco minutos",
    "a senha do Wi-Fi é 12345": "a senha do Wi-Fi é um dois três quatro cinco",
    "8°/15°": "oito a quinze graus",
    "1m75": "um metro e setenta e cinco",
    "IP, HDMI e NASA": "I P, H D M I e nasa",
    "meia ou 2 ½ horas": "meia ou duas horas e meia",
    "em 1/4 de hora": "em um quarto de hora",
}


@pytest.mark.parametrize("written", SAID)
def test_what_only_portuguese_writes_is_said(written: str) -> None:
    assert normalize(written, BR) == SAID[written]

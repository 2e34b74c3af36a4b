"""The gender of Portuguese nouns, which is heard in "duas lâmpadas" and "duzentas mensagens"."""

import re

from wyoming_kokoro.text.normalize.locale import Form
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import words

_AFTER_NAME = re.compile(
    r"(?i:sala|zona|cena|sensor|porta|canal|fase|etapa|nível|luz|quarto|câmera|versão|página|"
    r"capítulo|número|opção|modo|tomada|linha|andar|lâmpada|questão|rota|rodovia|temporada|"
    r"episódio|faixa|ônibus|voo|trem|metrô|portão|plataforma|vaga|bloco|tv|grupo|posição|velocidade|cama|mesa|área|garagem|suíte)\s\Z"
)
_FEMININE_ARTICLE = re.compile(
    r"(?i)(?<!\w)(?:as|às|das|nas|pelas|à|umas|estas|essas|todas as)\s\Z"
)
_HOUR = re.compile(r"\s(?:da\s(?:manhã|tarde|noite|madrugada)|em\sponto|e\smeia)\b")
_MASCULINE_ARTICLE = re.compile(r"(?i)(?<!\w)(?:os|dos|nos|pelos|aos|uns|estes|esses|dia)\s\Z")
_NEXT_WORD = re.compile(r"(?:\s(?:e|a|ou|até)\s\d+)?(?:\smil)?\s([^\W\d_]{3,})")

_FEMININE = frozenset(
    words(
        """
        base bases chave chaves classe classes cor cores dose doses fase fases flor flores fonte
        fontes frase frases luz luzes mão mãos mulher mulheres mãe mães noite noites nuvem nuvens
        ordem ordens parede paredes parte partes rede redes série séries tarde tardes torre torres
        colher colheres cruz cruzes dor dores foto fotos moto motos raiz raízes central centrais
        tv tvs pele peles ponte pontes greve greves carne carnes estrofe estrofes
        vez vezes voz vozes estante estantes lente lentes senhora imagens árvore árvores catástrofe
        """
    )
)
_MASCULINE = frozenset(
    words(
        """
        agora ainda alarma aroma atleta cada cinema clima cometa diagrama dia dias drama era esquema
        fantasma fora idioma guia grama gramas mapa mapas mas miligrama miligramas motorista nada
        panorama para pela pelas pijama planeta planetas poema problema problemas programa programas
        quilograma quilogramas sempre sistema sistemas telefonema tema temas nunca fica liga desliga
        toca acaba termina começa falta faltam estava contra chega passa muda mostra indica acende
        apaga precisa usa gasta aumenta funciona entra continua esquenta esfria grava alcança
        """
    )
)
_FEMININE_ENDINGS = re.compile(r"(?:as?|[çsx](?:ão|ões)|dades?|tudes?|ge(?:m|ns)|ices?)\Z")


def form_of(before: str, after: str) -> Form:
    """Return the form of a number between two texts: "duas lâmpadas", "às duas", "sala dois"."""
    if _FEMININE_ARTICLE.search(before) or _HOUR.match(after):
        return FEMININE
    found = _NEXT_WORD.match(after)
    if found is None or _MASCULINE_ARTICLE.search(before) or _AFTER_NAME.search(before):
        return ""
    word = found[1].lower()
    if word in _FEMININE:
        return FEMININE
    return FEMININE if word not in _MASCULINE and _FEMININE_ENDINGS.search(word) else ""

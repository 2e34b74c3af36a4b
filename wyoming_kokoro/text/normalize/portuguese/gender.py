"""The gender of Portuguese nouns, which is heard in "duas lâmpadas" and "duzentas mensagens"."""

import re

from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import words

_AFTER_NAME = re.compile(
    r"(?i:sala|zona|cena|sensor|porta|canal|fase|etapa|nível|luz|quarto|câmera|versão|página|"
    r"capítulo|número|n\.?º|opção|modo|tomada|linha|andar|lâmpada|questão|rota|rodovia|temporada|"
    r"episódio|faixa|ônibus|voo|trem|metrô|portão|plataforma|vaga|bloco|tv|grupo|posição|velocidade|cama|mesa|área|garagem|suíte)\s\Z"
)
_FEMININE_ARTICLE = re.compile(
    r"(?i)(?<!\w)(?:as|às|das|nas|pelas|à|umas|estas|essas|todas as)\s\Z"
)
_HOUR = re.compile(r"\s(?:da\s(?:manhã|tarde|noite|madrugada)|em\sponto|e\smeia)\b")
_MASCULINE_ARTICLE = re.compile(r"(?i)(?<!\w)(?:os|dos|nos|pelos|aos|uns|estes|esses|dia)\s\Z")
_NEXT_WORD = re.compile(r"(?:\s(?:e|a|ou|até)\s\d+)?(?:\smil)?\s([^\W\d_]{3,}|(?i:tv))(?!\w)")

_FEMININE = frozenset(
    words(
        """
        arte artes atriz atrizes base bases capitais capital carne carnes catedrais catedral
        catástrofe centrais central chave chaves classe classes colher colheres cor cores
        corrente correntes cruz cruzes dor dores dose doses enchente enchentes espirais
        espiral espécie espécies estante estantes estrofe estrofes face faces fase fases
        febre febres flor flores fonte fontes foto fotos frase frases frente frentes gente
        gentes greve greves hélice hélices imagens lebre lebres lente lentes luz luzes madre
        madres matriz matrizes mente mentes morte mortes moto motos mulher mulheres mãe mães
        mão mãos nascente nascentes nave naves neve neves noite noites noz nozes nuvem
        nuvens ordem ordens parede paredes parte partes pele peles playlist playlists ponte
        pontes raiz raízes rede redes sede sedes semente sementes senhora sorte sortes
        superfície superfícies série séries sílaba sílabas tarde tardes torre torres tv tvs
        vertente vertentes vez vezes voz vozes árvore árvores
        """
    )
)
_MASCULINE = frozenset(
    words(
        """
        acaba acende agora ainda alarma alcança apaga aroma atleta aumenta bastão bastões
        cada chega cinema clima cometa começa continua contra coração corações cristão
        cristãos das desliga dia diagrama dias divã drama entra era esfria esquema esquenta
        estava falta faltam fantasma fica fora funciona fã fãs galã gasta grama gramas grava
        guia idioma indica liga mapa mapas mas miligrama miligramas mostra motorista muda
        nada nas nunca panorama para passa pela pelas pijama planeta planetas poema precisa
        problema problemas programa programas quilograma quilogramas sempre sistema sistemas
        suas talismã telefonema tema temas termina toca usa ímã ímãs
        """
    )
)
_FEMININE_ENDINGS = re.compile(
    r"(?:as?|(?:[çsxz]|ni|gi|st)(?:ão|ões)|ãs?|dades?|tudes?|ge(?:m|ns)|ices?)\Z"
)


def form_of(before: str, after: str) -> Form:
    """Return the form of a number between two texts: "duas lâmpadas", "às duas", "sala dois"."""
    if _FEMININE_ARTICLE.search(before) or _HOUR.match(after):
        return FEMININE
    found = _NEXT_WORD.match(after)
    if found and found[1].lower() in ("vez", "vezes"):
        return FEMININE
    if found is None or _MASCULINE_ARTICLE.search(before) or _AFTER_NAME.search(before):
        return ""
    word = found[1].lower()
    if word in _FEMININE:
        return FEMININE
    return FEMININE if word not in _MASCULINE and _FEMININE_ENDINGS.search(word) else ""

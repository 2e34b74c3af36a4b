"""The gender of French nouns, which is heard in "une lampe" and "vingt et une lampes"."""

import re

from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import words

_NAMED = re.compile(
    r"(?i:zone|scène|canal|train|tram|tramway|métro|rer|tgv|ter|avion|ferry|navette|route|autoroute|client|dossier|commande|agent|joueur|appareil|chaîne|capteur|port|étape|niveau|mode|chambre|pièce|numéro|option|ligne|"
    r"phase|circuit|groupe|prise|version|page|chapitre|lampe|caméra|porte|saison|épisode|piste|bus|"
    r"quai|voie|le|du|au|ce|tome|salle|bureau|étage|question|terminal|vol|programme|playlist)\s\Z"
)
"""What a number after it names, rather than counts the next word."""

_NEXT_WORD = re.compile(r"(?:\s(?:à|ou|et)\s\d{1,9})?\s(?:autres?\s)?([^\W\d_]{1,30})")

_FEMININE = frozenset(
    words(
        """
        tv aile alarme annonce appli arme astuce auto automobile bague banane banque barre base
        blague bombe borne boucle bourse box boîte brique brise bête cabane cage caméra
        carafe casserole cendre centrale cerise chaleur chambre chanson chauve-souris chaîne
        chemise chute cible cire clef clim clé comète coque couleur coupe cour courbe course
        cravate croix crème crêpe cuillère côte dame danse date dent diode douleur enquête
        erreur face faim faute femme fenêtre ferme fibre figue fin flamme fleur flûte fois
        force forme fourmi frite fuite fête gamme gare gaufre glace gomme gorge grappe
        guerre guitare herbe horloge huile huître hélice image interface jambe jauge jupe
        lame lampe langue larme lettre leçon limite liste loi longueur louange lueur main
        marmite marque menace mer minute mise mite moitié montre mort moto moustiquaire
        musique nage nappe neige note notice nuit odeur offre ombre once orange page paire
        panthère pantoufle parole part patate paume peau pelote perle petite phase photo
        phrase pierre pile pince piqûre piste pizza pièce place plage plaque plateforme
        playlist plume police pomme pompe poudre poutre poêle prise propriété puce pâte
        radio rafale rame rareté recharge remarque remise remorque rencontre requête robe
        route rubrique rumeur râpe règle réforme réponse réserve réunion sangle sauce saveur
        scène serre sirène société soif somme soupape soupe source souris sueur suite
        surface surprise syllabe sœur table taxe tempête terre thèse tige toile tomate tour
        trace transe trappe tringle tuile tulipe télé tête vague valeur valise vapeur veste
        victime vidange vidéo vis visite vitre voile voix zone âme école écoute église épice
        épingle éponge équipe étape étoile île œuvre
        """
    )
)
_MASCULINE = frozenset(
    words(
        """
        accessoire acide athée auditoire braille camarade caniche capitaine carrosse
        champagne cimetière cinquante colisée colosse conclave conservatoire coryphée
        crépuscule derrière dimanche directoire dividende domaine fleuve glaive globule
        gorille grade grimoire guide génie incendie intervalle ivoire jade laboratoire
        liquide lycée magazine malade malaise mausolée mercure messie mille millefeuille
        module moine monde monticule murmure musée observatoire panache parapluie pastiche
        peigne pipeline porche portefeuille pourboire préambule prélude pygmée quadrille
        quarante quintette reproche réfectoire répertoire rêve scarabée scrupule signe
        silence soixante solide sosie squelette stade suisse tentacule territoire trente
        trophée vaudeville vestibule véhicule élysée élève
        """
    )
)
_FEMININE_ENDINGS = re.compile(
    r"(?:[stxg]ion|[^gq]ue|[ae]nce|[oaei]nte|nde|che|[^r]ve|oise|aise|use|[oa]use|ose|sse|ffe|lle|"
    r"tte|nne|[ai]gne|ité|ière|ure|eure|oire|[ui]de|ade|[ae]ine|ine|une|[ao]rde|[aeo]rte|ule|trice|aison|ée|ie)"
    r"\Z"
)


def form_of(before: str, after: str) -> Form:
    """Return the form of a number that stands between two texts."""
    found = _NEXT_WORD.match(after)
    word = found[1].lower() if found else ""
    if not word or (word != "fois" and _NAMED.search(before)):
        return ""
    one = word if word in _FEMININE else word.removesuffix("s")
    if one in _FEMININE:
        return FEMININE
    if one in _MASCULINE or not _FEMININE_ENDINGS.search(one):
        return ""
    return FEMININE

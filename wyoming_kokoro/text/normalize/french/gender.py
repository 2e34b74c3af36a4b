"""The gender of French nouns, which is heard in "une lampe" and "vingt et une lampes"."""

import re

from wyoming_kokoro.text.normalize.locale import Form
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import words

_NAMED = re.compile(
    r"(?i:zone|scène|canal|chaîne|capteur|port|étape|niveau|mode|chambre|pièce|numéro|option|ligne|"
    r"phase|circuit|groupe|prise|version|page|chapitre|lampe|caméra|porte|saison|épisode|piste|bus|"
    r"quai|voie|tome|salle|bureau|étage|question|terminal|vol|programme|playlist)\s\Z"
)
"""What a number after it names, rather than counts the next word."""

_NEXT_WORD = re.compile(r"(?:\s(?:à|ou|et)\s\d{1,9})?\s([^\W\d_]{1,30})")

_FEMININE = frozenset(
    words(
        """
        adresse aide aile alarme alerte allumette ambiance âme amie ampoule antenne application
        araignée arme assiette automobile avance baisse balle banane bande banque barre base
        batterie bête bière boîte borne bouche boucle bougie boule bouteille branche brique brosse
        bûche caméra canette carotte carte casserole cause cave cerise chaise chaîne chambre
        chance chanson chasse chemise cheville chose chute cible cigarette clé clef cloche colonne
        commande comète copie corde côte couche couleur coupe cour courbe course couverture crème
        crêpe crevette croix cuillère cuisse cuve dame danse date demande demi-heure dent dette
        diode donnée dose douche échelle école écoute église émission enceinte enquête entrée
        épaule épice éponge épreuve équipe erreur étape étoile faim faute femme fenêtre ferme fête
        feuille fibre figue fille fin fleur foire fois force forme foule fourchette fraise
        framboise frite fuite gare garde gaufre gauche gomme gorge gousse goutte grappe guerre
        guitare hausse heure huile huître idée île image jambe jauge jupe lame lampe langue larme
        leçon lettre ligne limite liste livraison loi longueur lotion louche lumière lune main
        maison manche marche marque mer merveille messe minute mise montagne montre mort mouche
        mousse moustiquaire moyenne musique nappe nuit note nouvelle œuvre offre ombre once onde
        orange oreille pâte page paille panne pantoufle parole part partie patte paume pause peau
        pêche peine pelle pelote pente perle perte personne perche phase photo phrase pièce pierre
        pile pilule pince pincée pinte piqûre piste place plage plainte planche plaque plante
        platine playlist pluie poche poêle poignée pointe poire pomme pompe porte poubelle poule
        poussée prise preuve prune puce purée question queue radio rafale raison réponse recette
        recherche réforme règle remise remarque rencontre rente requête réserve réunion robe ronde
        rose roue route rubrique rue saison salade salle salve sauce saucisse scène science sœur
        seconde semaine série serviette serrure sirène soif soirée somme sonde sonnerie sonnette
        sorte sortie source soupe souris station suite surprise surveillance table tablette tâche
        taille tarte tartine tasse taxe télé température tempête tente terre tête théière thèse
        tige toile tomate tonne touche tranche transe trêve tuile tulipe usine vache vague valeur
        valise vanne veille veilleuse vente version vidéo vie viande vigne ville vis visite
        vitamine vitesse vitre voie voile voisine voiture voix zone
        """
    )
)
_MASCULINE = frozenset(
    words(
        """
        athée athlète capitaine colisée coryphée domaine élysée génie gorille grade incendie lycée
        magazine mausolée messie mètre moine murmure musée parapluie pipeline pygmée scarabée
        silence squelette stade trophée vaudeville sosie
        """
    )
)
_FEMININE_ENDINGS = tuple(
    words(
        """
        tion sion xion ette ance ence ité ière tude ade ine aine elle ille esse ure euse trice
        aison ée ie enne onne eille ouille anche
        """
    )
)


def form_of(before: str, after: str) -> Form:
    """Return the form of a number that stands between two texts."""
    found = _NEXT_WORD.match(after)
    if found is None or _NAMED.search(before):
        return ""
    word = found[1].lower()
    one = word if word in _FEMININE else word.removesuffix("s")
    if one in _FEMININE:
        return FEMININE
    return FEMININE if one not in _MASCULINE and one.endswith(_FEMININE_ENDINGS) else ""

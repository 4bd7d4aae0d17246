"""
Find names where a rule can: after what introduces them. A name in the middle of a sentence no rule finds, because in
German every noun has a capital; whoever publishes looks for it.
"""

import re

NAME = "[Name]"

# A word as a name is written; in small letters only where nothing but a name can come.
_NAME = (
    r"(?!(?:der|die|das|den|dem|und|oder|nicht|nun|jetzt|aber|ich|sie|wir|in|mit|von|aus|bei|am|ein|eine|falsch|weg)\b)"
)
_ANY = rf"{_NAME}[^\W\d_][\w'’-]*"
# Of any language: a letter that is none of our small ones.
_CAPITAL = r"(?-i:[^\W\d_a-zäöüß])[\w'’-]+"
_TITLES = r"(?:(?:herrn?|hr\.|frau|fr\.|familie|fam\.|dr\.|prof\.|dipl\.-\w+\.)\s+)"
# Who is greeted without being a person.
_NOBODY = (
    r"(?!(?:team|support|zusammen|leute|welt|postbote|bot|ihr|sie|liebe[rs]?|kunden\w*|service\w*|hilfe|damen|frau"
    r"|herrn?|nochmals?|alle|allerseits|ins|liebes)\b)"
)
_GREETING = r"(?:hallo|hi|hey|moin|servus|liebe[rs]?|grüß\s+gott|guten\s+(?:tag|morgen|abend))"
_CLOSING = (
    r"(?:(?:(?:mit\s+)?(?:freundliche[nmr]?|viele[n]?|liebe[n]?|beste[n]?|schöne[n]?|herzliche[n]?)\s+gr(?:ü|ue)(?:ß|ss)e?n?)"
    r"|gr(?:u|ü|ue)(?:ß|ss)e?|mfg|lg|vg)"
)
_RULES = (
    # "Mein Name ist anna brandt", "ich heiße Anna", "Name: Brandt"
    rf"(?P<before>\b(?:mein\w*\s+(?:\w+\s+)?name\s+(?:ist|lautet|war)|ich\s+hei(?:ß|ss)e|(?:vor|nach|familien)?name\s*:"
    rf"|my\s+name\s+is)\s+{_TITLES}*){_ANY}(?:\s+(?:(?:von|van|zu)\s+)?{_ANY})?",
    # "hier schreibt Anna Brandt", "ich bin Anna Brandt", "ich bin die Anna"
    rf"(?P<before>\bhier\s+(?:spricht|schreibt)\s+{_TITLES}*){_CAPITAL}(?:\s+{_CAPITAL})?",
    rf"(?P<before>\bich\s+bin(?:\s+(?:der|die))?\s+){_NOBODY}{_CAPITAL}\s+{_NOBODY}{_CAPITAL}",
    # "Sehr geehrte frau berger"
    rf"(?P<before>\bgeehrte[rn]?\s+{_TITLES}+){_ANY}(?:\s+{_CAPITAL})?",
    # "Frau Dr. Berger"
    rf"(?P<before>\b{_TITLES}+)(?!{_TITLES}){_CAPITAL}(?:\s+{_CAPITAL}(?=\s*(?:[,.!?]|$)))?",
    # "Hallo Anna,"
    rf"(?P<before>\b{_GREETING}\s+){_NOBODY}{_CAPITAL}(?:\s+{_CAPITAL})?(?=\s*[,!.]|\s*$)",
    # "Viele Grüße, anna brandt" at the end
    rf"(?P<before>\b{_CLOSING}[\s,.!]+(?:von\s+)?){_ANY}(?:\s+(?:(?:von|van|zu)\s+)?{_ANY}){{0,2}}(?=[\s.!]*$)",
)
_NAMES = tuple(re.compile(rule, re.IGNORECASE) for rule in _RULES)


def mask_names(text: str) -> str:
    """
    NAME for what stands after greetings, titles, introductions and closings.

    >>> mask_names("Hallo, mein Name ist Anna Brandt und IMAP geht nicht. Viele Grüße, Anna")
    'Hallo, mein Name ist [Name] und IMAP geht nicht. Viele Grüße, [Name]'
    """
    for rule in _NAMES:
        text = rule.sub(rf"\g<before>{NAME}", text)
    return text

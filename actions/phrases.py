"""German phrases that mean something within a procedure, where it does not take a model to hear them."""

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


CORRECTION = _any(
    r"\b(doch|lieber|statt|stattdessen|falsch\w*|sondern|korrektur|korrigier\w*|änder\w*|aender\w*|meinte|nee?|nein)\b",
    r"\beigentlich\b",
)
"""Something that was said before is taken back."""
INSTEAD = _any(r"\b(lieber|statt|stattdessen|doch|nee?|nein)\b")
"""Of two wishes the second takes the place of the first."""
DENIAL = _any(r"\b(nicht|ander\w*)\b")
QUESTION = _any(
    r"^((und|aber|ok(ay)?|moment|kurze frage|sag(en sie)? mal|übrigens|äh|ach)[,:]?\s+)*"
    r"(wa[sn]n?|wie\w*|wo\w*|we[rmn]|warum|weshalb|welche\w*|kann\w*|könn\w*|geht|gibt|m[uü]ss\w*|d[aü]rf\w*|"
    r"ist|sind|ha(t|ben)|bleib\w*|wird|werden|soll\w*|brauch\w*)\b",
    r"\?\s*$",
)
"""Has the form of a question."""

STOP = _any(
    r"\bab{1,3}r?e?br?e?che?n",
    r"\bbrich\w*\b.*\bab\b",
    r"^(ach|na|ne+|nein|och)\b.{0,8}\begal\b",
    r"\b(abbruch|stopp?|vergiss|vergessen sie|erledigt|beenden|storn\w*)\b",
)
"""From somebody who seems to want to end the procedure: beyond doubt."""
NEEDLESS = _any(
    r"\b(wieder|doch noch)\s+(da|gefunden|aufgetaucht)\b",
    r"\b(nicht mehr|nimmer) (nötig|notwendig)\b",
    r"\bbrauch\w*\b.*\b(nicht mehr|nimmer)\b",
)
"""What was wanted is not wanted any more."""
_DOES_NOT_KNOW = (
    r"\b(unsicher|keine? ahnung|nicht sicher)\b",
    r"\b(weiß|weiss|wüsste) ((ich|es|das|auch|grad\w*|gar) )*nicht\b",
)
UNKNOWN = _any(*_DOES_NOT_KNOW)
"""The customer does not know."""
INDIFFERENT = _any(r"\b(egal|wurscht|gleichgültig)\b", *_DOES_NOT_KNOW)
"""The customer does not care, or does not know."""
WAIT = _any(r"\b(moment\w*|augenblick|sekunde\w*|minute|warte\w*|(such|schau|guck)\w*|(bin|komme) gleich)\b")
"""Within a short message: the customer needs time."""

PERSON_PLEASE = _any(r"^(ja|jo|gerne?)\b")
"""The answer to the offer of a person, after too much was not understood."""
YES = _any(
    r"(perfekt|super|prima|klasse|einwandfrei|einverstanden|bestätigt?|abschicken|absenden|beauftragen)",
    r"((das|so|es) )?(ist |sieht |wäre )?(so |alles )?(klar|richtig|korrekt|gut|prima|perfekt)( aus| so)?",
    r"(ja,? )?(bitte )?(mach\w*|erteil\w*|schick\w*)( (sie|das|es|ihn|so|bitte|ab))*",
)
"""A whole message that agrees, besides those that the model takes for a yes."""

OTHER_MAILBOX = _any(r"\b(falsch|ander|nicht mein)\w*\s+(postfach|adresse|e-?mail|konto)")
NEW_CODE = _any(r"\b(neue\w*|anderen|noch\s?mal|nochmals|weiteren|erneut)\b.*\b(code|schick|send)")
NO_CODE = _any(
    r"^((ne+|nein|nö)\W+)?hab\w* (ich|i|wir) ((auch|leider|gar|noch) )*(nicht|nix|nichts|keine?n?)\W*$",
    r"\bkein\w*\s+(code|mail|e-?mail|nachricht)",
    r"\bcode\b.*\b(nicht|wo)\b",
    r"\bwo\b.*\bcode\b",
    r"\b(nichts|nix)\b.*\b(da|an|bekommen|gekommen|angekommen|drin|erhalten)\b",
    r"\b(kommt|kam|ist|habe?)\b.*\b(nicht|nichts|nix)\b.*\b(an|angekommen|da|bekommen)\b",
)
NO_ACCESS = _any(
    r"\b(kein\w*|nicht)\b.*\b(zugriff|zugang|d?ran)\b",
    r"\bwelche\w*\b.*\b(adresse|mail)",
    r"\badresse\b.*\b(alt|veraltet|nicht mehr)\b",
    r"\bgibt\b.*\bnicht mehr\b",
    r"\bkeine (andere|kontaktadresse|zweite)\b",
)
"""The customer cannot read the mails to the contact address, or does not know which one it is."""

CHANGES = {
    "mailbox": _any(r"postfach", r"adresse\b(?!.*kontakt)"),
    "folder": _any(r"(?<!unter)ordner", r"umfang"),
    "point": _any(r"zeit", r"datum", r"tag\b", r"uhr", r"stand"),
    "target": _any(r"ziel", r"wohin", r"unterordner", r"(ü|ue)berschreib"),
    "contact": _any(r"kontakt", r"telefon", r"r(ü|ue)ckruf", r"erreich"),
}
"""How the fields of a restore are called."""
MESSAGE_CHANGES = {
    "words": _any(r"nachricht", r"text", r"inhalt"),
    "contact": _any(r"kontakt", r"adresse", r"mail", r"telefon", r"nummer"),
}
"""How those of a message are called."""

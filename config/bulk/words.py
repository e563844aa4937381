"""Names of people and houses, and what people write when there is nothing special to say."""

from pathlib import Path
from typing import Final

Names = dict[str, tuple[str, ...]]
_FILE: Final = Path(__file__).parent / "names.txt"


def _names(what: str) -> Names:
    """The words of one sort by their language: a head such as `== first en`, then all of them between commas."""
    sections = (part.partition("\n") for part in _FILE.read_text(encoding="utf-8").split("== ")[1:])
    found = {tuple(head.split()): text for head, _line, text in sections}
    return {
        language: tuple(" ".join(word.split()) for word in text.split(","))
        for (sort, language), text in found.items()
        if sort == what
    }


FIRST: Final = _names("first")
LAST: Final = _names("last")
# A house is called by its place and what it is.
PLACES: Final = _names("places")
HOUSES: Final = _names("houses")
TAGS: Final = _names("tags")["en"]

# Words by language: what the side that asks says, and what the desk says, in the middle of anything.
ASKING: Final[Names] = {
    "en": (
        "Thank you, I will try that this afternoon and tell you.",
        "Still the same after a restart. Two colleagues see it too.",
        "Yes, that is the page I mean. It happens each time, in **both** browsers.",
        "I am out of the office until Thursday; my colleague at reception can help you meanwhile.",
        "Is there any news? We need it for the end of the month.",
        "I did as you wrote:\n\n1. signed out\n2. cleared the cache\n3. signed in again\n\nNo difference, I am afraid.",
        "It worked once, and then it did not. I cannot say what I did differently.",
        "The message says `Request could not be completed`. Nothing else.",
        "That was it for me, but not for the second account. Could you look at that one too?",
        "We have a workaround here, so it is less urgent than it was on Monday.",
        "Sorry for the late answer. Nothing has changed on our side since.",
        "Could somebody call us? It is hard to describe.",
    ),
    "de": (
        "Danke, ich probiere es heute Nachmittag aus und melde mich.",
        "Nach dem Neustart ist es dasselbe. Zwei Kolleginnen sehen es auch.",
        "Ja, genau diese Seite meine ich. Es passiert jedes Mal, in **beiden** Browsern.",
        "Ich bin bis Donnerstag nicht im Haus; am Empfang hilft man Ihnen gern weiter.",
        "Gibt es etwas Neues? Wir brauchen es zum Monatsende.",
        "Ich habe alles so gemacht:\n\n1. abgemeldet\n2. Zwischenspeicher geleert\n3. wieder angemeldet\n\nNichts.",
        "Einmal ging es, dann wieder nicht. Was ich anders gemacht habe, weiß ich nicht.",
        "Für mich ist es erledigt, für das zweite Konto noch nicht. Können Sie es auch ansehen?",
        "Entschuldigung für die späte Antwort. Bei uns ist alles unverändert.",
        "Könnte uns jemand anrufen? Es ist schwer zu beschreiben.",
    ),
}
ANSWERING: Final[Names] = {
    "en": (
        "Thank you for the details. I am looking into it and will write again today.",
        "I could see the same here and gave it to the people who know that part best.",
        "Please try it once more: I set the account up again a moment ago.",
        "Which version do you see at the bottom of the page? With that I can tell whether the mend has reached you.",
        "In the logs of last night:\n\n> connection reset while the list was written\n\nIt fits what you describe.",
        "Nothing new yet, but it is not forgotten: the next update will have it.",
        "Could you do the same with another browser, so that we know on which side it is?",
        "I moved this on to a colleague who starts in an hour. You need not repeat anything.",
        "There was a short outage between eight and nine. Does it still happen now?",
        "A picture of the whole window would help us most.",
    ),
    "de": (
        "Danke für die Einzelheiten. Ich sehe es mir an und schreibe heute noch einmal.",
        "Hier zeigt sich dasselbe; es liegt nun bei denen, die diesen Teil am besten kennen.",
        "Bitte versuchen Sie es noch einmal: Ich habe das Konto eben neu eingerichtet.",
        "Welche Version steht unten auf der Seite? Daran sehe ich, ob die Korrektur schon bei Ihnen ist.",
        "Noch nichts Neues, aber es ist nicht vergessen: Im nächsten Update ist es dabei.",
        "Geht es mit einem anderen Browser? Dann wissen wir, auf welcher Seite es liegt.",
        "Zwischen acht und neun gab es eine kurze Störung. Passiert es jetzt noch?",
        "Ein Bild des ganzen Fensters würde uns am meisten helfen.",
    ),
}
NOTING: Final = (
    "Same as two others this week, from the same house.",
    "Called, nobody there. Will try again tomorrow morning.",
    "The contract runs until June; treat it as usual.",
    "Seen in the logs: the job ran twice. Not the cause, but worth a ticket of its own.",
    "They use an old browser. Updated it with them on the phone.",
    "Development knows; nothing to be done here before the release.",
)
REJECTING: Final[Names] = {
    "en": (
        "It is back since this morning.",
        "Not quite: it works for me, but not for my colleague.",
        "I am sorry, but nothing has changed for us.",
    ),
    "de": (
        "Seit heute früh ist es wieder da.",
        "Nicht ganz: Bei mir geht es, bei der Kollegin nicht.",
        "Leider hat sich bei uns nichts geändert.",
    ),
}
RESOLVING: Final[Names] = {
    "en": (
        "It is mended since an hour ago; a reload of the page is enough.",
        "The setting was wrong on our side. It is right now, for all accounts of your house.",
        "Here is how it goes, in short: **Settings → Your house → Times**, then *Save*. Write again if you need to.",
    ),
    "de": (
        "Seit einer Stunde ist es behoben; die Seite neu zu laden genügt.",
        "Die Einstellung war bei uns falsch. Sie stimmt jetzt für alle Konten Ihres Hauses.",
        "Kurz gesagt: **Einstellungen → Ihr Haus → Zeiten**, dann *Speichern*. Melden Sie sich, falls es nicht hilft.",
    ),
}
HOLDING: Final = ("Waits for the release next week.", "Waits for the network provider.", "Waits for their contract.")
ESCALATING: Final = (
    "Beyond what we can see from here: needs somebody with access to the logs.",
    "Happens in several houses; looks like one cause.",
)

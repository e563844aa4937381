"""What people choose from when they ask for help, what each topic asks them, and the kinds of report.

Texts for requesters come with their German translations; administrators change both.
"""

from typing import Any, Final

from helpdesk.choices import FieldKind

KINDS: Final[list[dict[str, Any]]] = [
    {"code": code, "name": name, "description": description, "position": position * 10}
    for position, (code, name, description) in enumerate(
        (
            ("question", "Question", "Somebody wants to know something"),
            ("account", "Account", "Signing in, rights, people who join or leave"),
            ("bug", "Bug", "Something does not do what it should"),
            ("incident", "Incident", "Something important is down, lost or open to strangers"),
            ("feature-request", "Feature request", "Something that is not there yet"),
            ("feedback", "Feedback", "What somebody thinks of it"),
            ("complaint", "Complaint", "Somebody is not content with us"),
        ),
        start=1,
    )
]


def _question(code: str, label: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A question; each text is given in English and in German."""
    german: dict[str, Any] = {"label": label[1]}
    row: dict[str, Any] = {"code": code, "label": label[0], "is_required": more.get("required", False)}
    if hint := more.get("hint"):
        row["help_text"], german["help_text"] = hint
    if answers := more.get("answers"):
        row |= {"kind": FieldKind.CHOICE, "options": [english for english, _german in answers]}
        german["options"] = [translated for _english, translated in answers]
    else:
        row["kind"] = more.get("kind", FieldKind.TEXT)
    return {**row, "translations": {"de": german}}


_ELSE: Final = ("Something else", "Etwas anderes")
_QUESTIONS: Final = [
    _question(
        "subject-matter",
        ("What is it about?", "Worum geht es?"),
        answers=(
            ("How something works", "Wie etwas funktioniert"),
            ("Our contract or an invoice", "Unser Vertrag oder eine Rechnung"),
            ("Data and privacy", "Daten und Datenschutz"),
            _ELSE,
        ),
    ),
    _question(
        "tried",
        ("Where did you look already?", "Wo haben Sie schon nachgesehen?"),
        hint=(
            "A page, an article, a colleague: so we do not repeat what you know.",
            "Eine Seite, ein Artikel, Kollegen: damit wir nicht wiederholen, was Sie wissen.",
        ),
    ),
]
_ACCOUNT: Final = [
    _question(
        "need",
        ("What do you need?", "Was brauchen Sie?"),
        required=True,
        answers=(
            ("I cannot sign in", "Ich kann mich nicht anmelden"),
            ("I may not do something that I should", "Ich darf etwas nicht, was ich sollte"),
            ("Somebody joins us", "Jemand kommt zu uns"),
            ("Somebody leaves us", "Jemand verlässt uns"),
            _ELSE,
        ),
    ),
    _question(
        "whose",
        ("Whose account is it?", "Wessen Konto ist es?"),
        hint=("A name or an address. Leave it empty if it is yours.", "Name oder Adresse. Leer, wenn es Ihres ist."),
    ),
    _question("by-when", ("By when do you need it?", "Bis wann brauchen Sie es?"), kind=FieldKind.DATE),
]
_BROKEN: Final = [
    _question(
        "where",
        ("Where does it happen?", "Wo passiert es?"),
        required=True,
        hint=("The page, the device or the program.", "Die Seite, das Gerät oder das Programm."),
    ),
    _question(
        "affected",
        ("Whom does it stop?", "Wen hält es auf?"),
        required=True,
        answers=(
            ("Only me", "Nur mich"),
            ("Several people", "Mehrere Personen"),
            ("Everybody", "Alle"),
            ("Nobody, it is only unpleasant", "Niemanden, es stört nur"),
        ),
    ),
    _question("since", ("Since when?", "Seit wann?"), kind=FieldKind.DATE),
    _question(
        "before",
        ("What did you do before it happened?", "Was haben Sie davor getan?"),
        kind=FieldKind.LONG_TEXT,
        hint=("Step by step, as far as you remember.", "Schritt für Schritt, soweit Sie es noch wissen."),
    ),
]
_DOWN: Final = [
    _question(
        "what",
        ("What is it?", "Was ist es?"),
        required=True,
        answers=(
            ("Nothing works at all", "Gar nichts geht mehr"),
            ("One important part does not work", "Ein wichtiger Teil geht nicht"),
            ("Data is lost or wrong", "Daten fehlen oder sind falsch"),
            ("Security, or something that looks like it", "Sicherheit, oder etwas, das danach aussieht"),
        ),
    ),
    _question(
        "who",
        ("Who cannot work now?", "Wer kann gerade nicht arbeiten?"),
        hint=("A place, a team, all customers.", "Ein Standort, ein Team, alle Kunden."),
    ),
    _question(
        "call",
        ("A number on which we can call you", "Eine Nummer, unter der wir Sie erreichen"),
        hint=("We call only about this.", "Wir rufen nur deswegen an."),
    ),
]
_IDEA: Final = [
    _question(
        "what-for",
        ("What could you do with it?", "Was könnten Sie damit tun?"),
        kind=FieldKind.LONG_TEXT,
        hint=("What you do today instead helps us too.", "Auch was Sie heute stattdessen tun, hilft uns."),
    ),
    _question(
        "how-often",
        ("How often would you use it?", "Wie oft würden Sie es benutzen?"),
        answers=(
            ("Every day", "Jeden Tag"),
            ("Every week", "Jede Woche"),
            ("Now and then", "Ab und zu"),
            ("It is just a thought", "Es ist nur ein Gedanke"),
        ),
    ),
]
_COMPLAINT: Final = [
    _question(
        "about",
        ("What was not good?", "Was war nicht gut?"),
        required=True,
        answers=(
            ("It took too long", "Es hat zu lange gedauert"),
            ("The answer did not help", "Die Antwort hat nicht geholfen"),
            ("How I was spoken to", "Wie mit mir gesprochen wurde"),
            _ELSE,
        ),
    ),
    _question(
        "ticket",
        ("Which ticket is it about?", "Um welches Ticket geht es?"),
        hint=("Such as WD-1042, if there is one.", "Zum Beispiel WD-1042, wenn es eines gibt."),
    ),
    _question("remedy", ("What would put it right?", "Was würde es gut machen?"), kind=FieldKind.LONG_TEXT),
]

# Code, kind, name, description and the same in German, questions.
_TOPICS: Final = (
    (
        "question",
        "question",
        ("I have a question", "How something works, or where to find it"),
        ("Ich habe eine Frage", "Wie etwas funktioniert oder wo man es findet"),
        _QUESTIONS,
    ),
    (
        "account",
        "account",
        ("My account", "Signing in, rights, changes of people"),
        ("Mein Konto", "Anmelden, Rechte, neue und ausscheidende Personen"),
        _ACCOUNT,
    ),
    (
        "broken",
        "bug",
        ("Something does not work", "Errors, wrong results, slow pages"),
        ("Etwas funktioniert nicht", "Fehler, falsche Ergebnisse, langsame Seiten"),
        _BROKEN,
    ),
    (
        "down",
        "incident",
        ("Something important is down", "Outages, lost data, security"),
        ("Etwas Wichtiges ist ausgefallen", "Ausfälle, verlorene Daten, Sicherheit"),
        _DOWN,
    ),
    (
        "idea",
        "feature-request",
        ("An idea or feedback", "What we should do better"),
        ("Eine Idee oder Rückmeldung", "Was wir besser machen sollten"),
        _IDEA,
    ),
    (
        "complaint",
        "complaint",
        ("A complaint", "When you are not content with us"),
        ("Eine Beschwerde", "Wenn Sie mit uns nicht zufrieden sind"),
        _COMPLAINT,
    ),
)

# Each with the code of its kind and its questions.
CATEGORIES: Final[list[tuple[dict[str, Any], str, list[dict[str, Any]]]]] = [
    (
        {
            "code": code,
            "name": english[0],
            "description": english[1],
            "translations": {"de": {"name": german[0], "description": german[1]}},
            "position": position * 10,
        },
        kind,
        [{**question, "position": place * 10} for place, question in enumerate(questions, start=1)],
    )
    for position, (code, kind, english, german, questions) in enumerate(_TOPICS, start=1)
]

"""What differs from one telling of a story to the next."""

from typing import Final

# Months and days are filled in by the day on which a story happens; see `plan`.
FACTS: Final[dict[str, tuple[str, ...]]] = {
    "room": ("Room 4", "Room 12", "the blue room", "Hall B", "Studio 2", "the seminar room", "Room 3.07", "Deck 1"),
    "list": ("visits", "bookings", "customers", "shifts", "invoices"),
    "rows": ("5,000", "10,000", "2,500", "20,000"),
    "minutes": ("10", "15", "20", "40"),
    "seconds": ("20", "30", "45", "90"),
    "few": ("two", "three", "four", "five"),
    "many": ("18", "27", "34", "46", "61"),
    "order": ("A-10394", "A-11870", "A-12002", "A-12418", "A-13377", "A-13901", "A-14265"),
    "invoice": ("AL-20417", "AL-20533", "AL-20788", "AL-21004", "AL-21360", "AL-21592"),
    "version": ("9.3", "9.4", "9.4.1", "9.5"),
    "browser": ("Firefox", "Chrome", "Safari", "Edge"),
    "device": ("iPad at the front desk", "tablet at the entrance", "Android phone", "iPhone", "old desktop"),
    "printer": ("Brother QL-820", "Zebra ZD421", "Dymo 550", "Epson TM-T88"),
    "colleague": ("Marta", "Owen", "Samira", "Pavel", "Keiko", "Lindiwe", "Astrid", "Rui", "Nadia", "Viktor"),
    "newcomer": ("Helen Marsh", "Omar Siddiqui", "Tessa Lindqvist", "Jorge Pardo", "Ngozi Adu", "Ilse Brandt"),
    "leaver": ("Simon Achterberg", "Paola Greco", "Dmitri Volkov", "Grace Muthoni", "Ewan Reid"),
    "code": ("504", "502", "500", "409"),
    "key": ("ak_live_7Q…", "ak_live_2M…", "ak_live_9X…"),
    "amount": ("€ 118.00", "€ 246.50", "$ 312.00", "€ 79.00", "£ 164.20"),
    "seats": ("12", "20", "25", "40"),
    "calendar": ("Google Calendar", "Outlook", "Nextcloud", "Apple Calendar"),
    "clock": ("07:40", "08:15", "09:05", "13:30", "16:20", "18:45"),
    "place": ("the branch in the harbour", "our second house", "the north site", "the old town branch"),
    "case": ("88-1204", "88-1377", "88-1519", "88-1606"),
    "language": ("Polish", "Portuguese", "Arabic", "Dutch"),
}

# What people answer to the questions of a topic, by the questions' codes; a question of a choice takes one of its own.
ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "where": (
        "The calendar, week view",
        "The page of {room}",
        "The phone app",
        "{device}",
        "Reports",
        "{browser}, at {place}",
    ),
    "tried": ("The manual, page “Rooms”", "I asked {colleague}", "Nowhere yet", "The help inside the page"),
    "whose": ("{newcomer}", "{colleague}, at reception", "Mine"),
    "before": ("Nothing special, I opened the page as every morning.", "I saved, went back, and opened it again."),
    "who": ("All of {house}", "Reception and {place}", "{many} people"),
    "call": ("+44 20 7946 0812", "+49 30 5550 1742", "+1 303 555 0147", "+65 6555 0182"),
    "what-for": ("We do it on paper today, once a week.", "It would save us a call for each booking."),
    "ticket": ("I do not know the number",),
    "remedy": ("A call would be nice.", "That somebody reads it."),
}

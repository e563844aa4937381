"""Who asks for a long answer and does not take it, at a real server."""

import socket
from typing import Final

import pytest
from django.db import connection

from tests.factories import copy_ticket, make_ticket
from tests.helpdesk.test_body_limits import Server, heard
from tests.helpdesk.test_body_limits import server as server  # noqa: PLC0414 - pytest finds the fixture by its name here
from tests.processes import wait_until
from tests.together import all_told

# More than what fits between a server and a reader who takes nothing: each of these letters becomes twelve.
SUBJECT: Final = "🖨" * 200
TICKETS: Final = 4_000
# The few bytes that such a reader has room for.
ROOM: Final = 4_096


def transactions() -> int:
    """Those of others that are under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND (state LIKE 'idle in transaction%' OR backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_reader_who_takes_nothing_holds_no_transaction_and_is_given_up(server: Server) -> None:
    copy_ticket(make_ticket(server.person, subject=SUBJECT), TICKETS)
    all_told()
    under_way = list[int]()

    def is_given_up() -> bool:
        under_way.append(transactions())
        return not server.holds(silent)

    with socket.socket() as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        silent.connect(("127.0.0.1", server.port))
        silent.sendall(server.head("/api/v1/tickets/changes/?format=ndjson", method="GET"))
        wait_until(lambda: server.holds(silent), "the server to take it")
        wait_until(is_given_up, "the server to give it up", seconds=60)
        # For the last half second, at the least, it only waited.
        assert under_way[-6:] == [0] * 6
        # What the reader has is known to be cut: no last line says that it is all.
        said = heard(silent)
    assert " 200 " in said.partition("\r\n")[0]
    assert '"changed_after"' in said
    assert '"end"' not in said

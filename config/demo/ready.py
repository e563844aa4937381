"""Asking the desk whether it is ready, and the logins of the demo."""

import http.client
import json


class Readiness:
    """The desk's own answer about itself."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reason = "The web server does not answer."

    def ask(self) -> bool:
        """Whether everything is there; `reason` says what is missing."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if answer.status == 503:
            self.reason = " ".join(json.loads(body).get("reasons", []))
        elif answer.status != 200:
            self.reason = f"/readyz answers {answer.status}."
        return answer.status == 200


def logins() -> list[tuple[str, str, str]]:
    """Role, address and password of one person for each role, as the demo data have them."""
    from config.demo_world import people  # noqa: PLC0415 - only needed when all is up

    return list(people.DEMO_LOGINS)

"""Who somebody is: at log-in by address and password, later by their session."""

from allauth.account.auth_backends import AuthenticationBackend

from helpdesk.models import User
from helpdesk.selectors.people import logging_in_with
from helpdesk.selectors.second_step import signed_in


class Backend(AuthenticationBackend):  # type: ignore[misc] # allauth ships no types
    """allauth's, with queries that are the same for addresses that are known and that are not."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # Where nobody has the address, allauth hashes the password all the same.
        person: User | None = self._check_password(logging_in_with(email), password)
        return person

    def user_can_authenticate(self, user: User) -> bool:
        """Another system comes by its tokens, and by nothing else."""
        return bool(super().user_can_authenticate(user)) and not user.is_integration

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while they may be here."""
        person = signed_in(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

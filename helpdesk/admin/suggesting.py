"""Fields of set-up pages that suggest rows while one types."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest

from helpdesk.domain.ids import id_in


class _Numbers:
    """Django asks the database for whatever was sent; what is no id is nobody's row, and the field says so."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        known = [one for one in value if id_in(one) is not None]
        return super().optgroups(name, known, attr)  # type: ignore[misc] # of the widget that this stands before


class Suggesting(_Numbers, AutocompleteSelect):
    """One row."""


class SuggestingSeveral(_Numbers, AutocompleteSelectMultiple):
    """Several rows."""


class Suggests:
    """Draws the fields in `autocomplete_fields` of a page, or of rows on one."""

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field for one row."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Suggesting(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc] # Django's own

    def formfield_for_manytomany(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field for several rows."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SuggestingSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc] # Django's own

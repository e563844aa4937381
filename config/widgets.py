"""Widgets of forms, written without templates where Django's own are no more than a tag.

A ticket's page has some sixty of them, and each of Django's takes three templates: together a tenth of the page's time.
What they say is the same; a test compares them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from helpdesk.domain.escaping import escaped


class Renderer(TemplatesSetting):
    """Django's way of rendering forms, quicker for plain inputs, selects and text areas."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = _PLAIN.get(template_name)
        return super().render(template_name, context, request) if write is None else write(context["widget"])


def _attrs(widget: Mapping[str, Any]) -> str:
    said = []
    for name, value in widget["attrs"].items():
        if value is True:
            said.append(f" {escaped(name)}")
        elif value is not False:
            said.append(f' {escaped(name)}="{_text(value)}"')
    return "".join(said)


def _text(value: object) -> str:
    return escaped(value if isinstance(value, SafeString) else str(value))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = escaped(widget["type"]), escaped(widget["name"])
    return mark_safe(f'<input type="{kind}" name="{name}"{value}{_attrs(widget)}>')  # noqa: S308 - escaped


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    value = escaped(widget["value"]) if widget["value"] else ""
    return mark_safe(f'<textarea name="{escaped(widget["name"])}"{_attrs(widget)}>\n{value}</textarea>')  # noqa: S308 - escaped


def _select(widget: Mapping[str, Any]) -> SafeString:
    lines = [f'<select name="{escaped(widget["name"])}"{_attrs(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            lines.append(f'<optgroup label="{escaped(name)}">')
        for option in options:
            label = escaped(option["label"])
            lines.append(f'<option value="{_text(option["value"])}"{_attrs(option)}>{label}</option>')
        if name:
            lines.append("</optgroup>")
    lines.append("</select>")
    return mark_safe("\n".join(lines))  # noqa: S308 - escaped


_INPUTS: Final = ("date", "datetime", "email", "hidden", "input", "number", "password", "text", "time", "url")
_PLAIN: Final[Mapping[str, Callable[[Mapping[str, Any]], SafeString]]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}

"""Components that come many times on one page, written without nodes of a template: each of these takes a while.

The templates in `components/` of the same names hold them, and say what they are given.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helpdesk.domain.escaping import escaped as escape
from helpdesk.templatetags.desk import icon, initials, when
from helpdesk.templatetags.filing import file_limits
from helpdesk.views.desk.stream import Item

register = template.Library()


@register.simple_tag
def field_part(field: BoundField, label: str = "") -> SafeString:
    """A field with its label, its help and what is wrong with it."""
    if field.is_hidden:
        return mark_safe(str(field))  # noqa: S308 - Django's own
    errors, said = field.errors, escape(label or field.label)
    wrong = " field-wrong" if errors else ""
    words = _words(field, errors)
    if field.use_fieldset:
        told = escape(field.aria_describedby or "")
        described = f' aria-describedby="{told}"' if told else ""
        html = f'<fieldset class="field{wrong}"{described}><legend>{said}</legend>{words}{field}</fieldset>'
    else:
        named = f'<label for="{escape(field.id_for_label)}">{said}</label>'
        is_box = field.widget_type == "checkbox"
        inside = f"{field}{named}{words}" if is_box else f"{named}{words}{field}"
        html = f'<div class="field{" field-box" if is_box else ""}{wrong}">{inside}</div>'
    return mark_safe(html)  # noqa: S308 - escaped


def _words(field: BoundField, errors: Iterable[object]) -> str:
    html = ""
    if field.help_text:
        html = f'<div class="field-help" id="{field.auto_id}_helptext">{escape(field.help_text)}</div>'
    if said := "".join(f"<p>{icon('danger')} {escape(str(error))}</p>" for error in errors):
        html += f'<div class="field-error" id="{field.auto_id}_error">{said}</div>'
    return html


@register.simple_tag(takes_context=True)
def combobox_part(context: Context) -> SafeString:
    """A field that suggests rows while one types."""
    named, name, label = (escape(context.get(one) or "") for one in ("id", "name", "label"))
    text, value, example = (escape(context.get(one) or "") for one in ("text", "value", "placeholder"))
    error, hint, ticket = (context.get(one) for one in ("error", "hint", "ticket"))
    url = reverse("admin:suggest", args=[context["source"]]) + (f"?ticket={ticket}" if ticket else "")
    none = _("Nothing like it yet") if context.get("free") else _("Nothing fits")
    told = " ".join(f"{named}_{one}" for one, said in (("error", error), ("hint", hint)) if said)
    marks = (' aria-invalid="true"' if error else "") + (f' aria-describedby="{told}"' if told else "")
    html = (
        f'<div class="combobox" data-combobox data-url="{escape(url)}" data-none="{escape(none)}" '
        f'data-some="{escape(_("Suggestions:"))}"><label for="{named}">{label}</label>{_line("error", named, error)}'
        f'<input type="text" class="combobox-text" id="{named}" name="{name}" value="{text}" placeholder="{example}" '
        f'autocomplete="off" maxlength="120"{marks}>'
        f'<input type="hidden" class="combobox-value" name="{name}" value="{value}" data-draft-field disabled>'
        f'<ul class="combobox-list" id="{named}_list" role="listbox" aria-label="{label}" hidden></ul>'
        f'<p class="visually-hidden combobox-said" role="status"></p>{_line("hint", named, hint)}</div>'
    )
    return mark_safe(html)  # noqa: S308 - escaped


def _line(what: str, named: str, said: Any) -> str:
    return f'<p class="field-{what}" id="{named}_{what}">{escape(said)}</p>' if said else ""


@register.simple_tag(takes_context=True)
def files_part(context: Context) -> SafeString:
    """The picker of `form`, and the files of `uploads` that the form has already."""
    field, limits, named = context["form"]["files"], file_limits(context), context["form"]["files"].auto_id
    by_script = _("Choose files, drop them here, or paste a picture.")
    wrong = "".join(f"<p>{escape(error)}</p>" for error in field.errors)
    kept = "".join(map(_kept, context["uploads"].kept)) if context.get("uploads") else ""
    html = (
        f'<div class="files" data-url="{reverse("portal:upload")}" data-max-files="{limits.max_files}" '
        f'data-max-bytes="{limits.max_bytes}"><label class="files-label" for="{named}">{escape(field.label)}</label>'
        f'<p class="files-help" id="{named}_helptext">{escape(field.help_text)} '
        f'<span class="files-with-script">{escape(by_script)}</span></p>'
        + (f'<div class="files-error" id="{named}_error">{wrong}</div>' if wrong else "")
        + f'<ul class="files-list" aria-label="{escape(_("What you have added"))}">{kept}</ul>'
        f'{field}<p class="files-said" role="status"></p></div>'
    )
    return mark_safe(html)  # noqa: S308 - escaped


def _kept(one: Any) -> str:
    name = escape(one.file.name)
    return (
        f'<li class="file" data-state="done"><input type="hidden" name="kept" value="{escape(one.note)}">'
        f'<span class="file-name">{name}</span> <span class="file-size">{filesizeformat(one.file.blob.size)}</span> '
        f'<label class="file-drop"><input type="checkbox" name="remove" value="{one.file.blob.pk}"> '
        f'{escape(_("Remove"))} <span class="visually-hidden">{name}</span></label></li>'
    )


@register.simple_tag(takes_context=True)
def person_part(context: Context) -> SafeString:
    """Who somebody is, with initials; nobody is the desk itself."""
    brand, name, second = (context.get(one) for one in ("brand", "name", "second"))
    shown = context.get("person") or (brand and brand.name) or "Watchdesk"
    below = f'<span class="person-second">{escape(second)}</span>' if second else ""
    html = (
        f'<span class="person"><span class="initials" aria-hidden="true">{escape(initials(shown))}</span> '
        f'<span class="person-words"><span class="person-name">{escape(name or shown)}</span> {below}</span></span>'
    )
    return mark_safe(html)  # noqa: S308 - escaped


@register.simple_tag
def event_line(item: Item) -> SafeString:
    """An event of a ticket as one line; unfolded it tells more, and leads to the ticket that went on from it."""
    assert item.event is not None
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in item.facts)
    way = ""
    if item.follow_up:
        way = f'<p><a href="{reverse("admin:ticket", args=[item.follow_up])}">{escape(item.follow_up)}</a></p>'
    html = (
        f'<details class="entry" id="event-{item.event.pk}"><summary><span>{escape(item.line)}</span> '
        f'<span class="entry-time">{when(item.event.effective_at)}</span></summary><dl>{told}</dl>{way}</details>'
    )
    return mark_safe(html)  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def form_part(context: Context) -> SafeString:
    """What each form of a ticket's page carries: its key, and the ticket as this page shows it."""
    key, version = context["panel"].key, context["ticket"].version
    html = (
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">'
        f'<input type="hidden" name="key" value="{escape(key)}">'
        f'<input type="hidden" name="seen_version" value="{version}">'
    )
    return mark_safe(html)  # noqa: S308 - escaped

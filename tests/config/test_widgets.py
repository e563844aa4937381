"""Widgets written without templates say what Django's own say."""

from datetime import date, time
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.widgets import Renderer

NASTY = "\"><script>alert('x')</script>&amp;"
CHOICES = [("", "---"), (1, gettext_lazy("Yes")), (NASTY, NASTY), ("group <b>", [("a", "A"), (None, mark_safe("<i>"))])]


@pytest.mark.parametrize("attrs", [{}, {"id": "x", "required": True, "hidden": False, "data-n": 1000, NASTY: NASTY}])
@pytest.mark.parametrize("value", [None, "", 0, 1000, 1.5, NASTY, mark_safe("&lt;b&gt;"), date(2026, 3, 1), time(9)])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.EmailInput(),
        forms.URLInput(),
        forms.NumberInput(),
        forms.HiddenInput(),
        forms.PasswordInput(render_value=True),
        forms.DateInput(),
        forms.DateTimeInput(),
        forms.TimeInput(),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.NullBooleanSelect(),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_widget_is_what_django_makes_of_it(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> None:
    given = value if not isinstance(widget, forms.SelectMultiple) else [value, "a"]
    ours = widget.render("a-name", given, attrs, Renderer())
    assert parse_html(ours) == parse_html(widget.render("a-name", given, attrs, TemplatesSetting()))
    assert "<script>" not in ours


def test_forms_are_rendered_by_it() -> None:
    assert isinstance(forms.Form().renderer, Renderer)

"""What both rooms do with a form of words: hand them to the action, once for each sending."""

from typing import Any

from django import forms
from django.utils import timezone

from helpdesk.actions import conversation
from helpdesk.actions.editing import edit_message
from helpdesk.actions.partners import Wait
from helpdesk.actions.status import make_move
from helpdesk.actors import Actor
from helpdesk.choices import MoveName
from helpdesk.forms.desk import MoveForm
from helpdesk.forms.tickets import EditForm, MessageForm
from helpdesk.models import Message, Ticket
from helpdesk.selectors.conversation import was_mailed
from helpdesk.views.uploads import Uploads


def reply(ticket: Ticket, form: MessageForm, uploads: Uploads, actor: Actor) -> Ticket:
    """Write to everybody on the ticket."""
    return conversation.reply(
        ticket=ticket,
        body=form.cleaned_data["text"],
        files=uploads.files,
        by=actor,
        now=timezone.now(),
        minutes=form.cleaned_data.get("minutes"),
        seen_version=form.cleaned_data.get("seen_version"),
        seen_message=form.cleaned_data.get("seen_message"),
        cc=form.cleaned_data.get("cc", ()),
        submission=form.submission(["reply", ticket.ref, form.cleaned_data["text"], uploads.digests, *minutes(form)]),
    )


def move(name: MoveName, ticket: Ticket, form: MessageForm, uploads: Uploads, actor: Actor) -> Ticket:
    """Make a move of the lifecycle, with the words and the kind of resolution where the form asks for them."""
    text, kind = form.cleaned_data["text"], form.cleaned_data.get("resolution_kind", "")
    answers = form.answers if isinstance(form, MoveForm) else {}
    partner, reference = form.cleaned_data.get("partner"), form.cleaned_data.get("partner_reference", "")
    return make_move(
        ticket=ticket,
        move=name,
        text=text,
        resolution_kind=kind,
        files=uploads.files,
        answers=answers,
        by=actor,
        now=timezone.now(),
        minutes=form.cleaned_data.get("minutes"),
        seen_version=form.cleaned_data.get("seen_version"),
        seen_message=form.cleaned_data.get("seen_message"),
        cc=form.cleaned_data.get("cc", ()),
        wait=Wait(partner, reference) if partner else None,
        submission=form.submission([name, ticket.ref, text, kind, answers, reference, uploads.digests]),
    )


def minutes(form: MessageForm) -> list[int]:
    """The minutes that the form tells, as a part of what it says."""
    return [told] if (told := form.cleaned_data.get("minutes")) else []


def edit(message: Message, form: EditForm, actor: Actor) -> Ticket:
    """Change one's own message."""
    typed = form.cleaned_data
    return edit_message(
        message=message,
        body=typed["text"],
        mail_again=typed["mail_again"],
        seen_revision=typed["seen_revision"],
        by=actor,
        now=timezone.now(),
    )


def edit_form(message: Message, data: Any) -> EditForm:
    """The form for a message; whether to mail it again is asked where somebody got it."""
    form = EditForm(data or None, initial={"text": message.body, "seen_revision": message.revision})
    if message.is_internal or not was_mailed(message):
        form.fields["mail_again"].widget = forms.HiddenInput()
    return form

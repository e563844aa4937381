"""The desk's own words for what leaves it."""

from django import template

from helpdesk.views.desk import audit_words, words

register = template.Library()
register.filter("about", words.delivery_kind)
register.filter("event_words", words.event_kind)
register.filter("state_words", words.delivery_state)
register.filter(audit_words.step_words)

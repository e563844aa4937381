"""What this app itself registers."""

from datetime import timedelta

from helpdesk import registry
from helpdesk.actions import _merge_parts, ladder, notifications, webhook_events
from helpdesk.adapters import account, devices, email, export_mail, my_data, second_step, ticket_exports, webhooks
from helpdesk.selectors import due, notices


def register() -> None:
    """Fill the registries; called once, when Django is ready."""
    registry.consumers.register(notifications.CONSUMER)
    registry.consumers.register(ladder.CONSUMER)
    registry.consumers.register(webhook_events.CONSUMER)
    for kind in (*notifications.KINDS, *ladder.KINDS, *webhook_events.KINDS, account.KIND, export_mail.KIND):
        registry.delivery_kinds.register(kind)
    registry.senders.register(email.SENDER)
    registry.senders.register(webhooks.SENDER)
    devices.listen()
    second_step.listen()
    registry.export_makers.register(my_data.MAKER)
    for data in my_data.PARTS:
        registry.data_parts.register(data)
    for part in _merge_parts.PARTS:
        registry.merge_parts.register(part)
    late = timedelta(minutes=5)
    registry.due_probes.register(registry.DueProbe("notices", notices.oldest_due, late))
    registry.due_probes.register(registry.DueProbe("events", due.oldest_event, late))
    registry.due_probes.register(registry.DueProbe("deliveries", due.oldest_delivery, late))
    registry.due_probes.register(registry.DueProbe("closings", due.oldest_closing, timedelta(minutes=15)))
    registry.due_probes.register(registry.DueProbe("clocks", due.oldest_clock, late))
    registry.due_probes.register(registry.DueProbe("recounts", due.oldest_recount, timedelta(minutes=15)))
    registry.due_probes.register(registry.DueProbe("exports", due.oldest_export, timedelta(minutes=15)))
    registry.due_probes.register(registry.DueProbe("thumbnails", due.oldest_thumbnail, timedelta(minutes=30)))
    for maker in ticket_exports.MAKERS:
        registry.export_makers.register(maker)

"""What agents find out about a ticket and decide by hand: answers, how much it presses, and what it is promised."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import fields, judging
from helpdesk.actions.clocks import choice_of, choose_policy
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.doing import acts, done
from helpdesk.api.inputs import AnswersInput, JudgementInput, PolicyChoiceInput, policy_by
from helpdesk.api.schema import describes
from helpdesk.api.shapes.base import several
from helpdesk.api.shapes.clocks import ChoiceShape, EffectShape
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.clock_effects import effects, policies_in_force


class Answering(Endpoint):
    """The questions about it."""

    @acts("answer_questions", AnswersInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Answer questions that are asked about the ticket: all of these, or none where one answer is refused."""
        return done(self, ref, Right.WORK, fields.set_answers, **self.read(AnswersInput).validated_data)


class Judging(Endpoint):
    """How much it presses."""

    @acts("judge_priority", JudgementInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Find the priority as the ticket's queue does: by impact and urgency, or by what was measured."""
        given = self.read(JudgementInput).validated_data
        act = judging.measure if "values" in given else judging.weigh
        return done(self, ref, Right.WORK, act, **given)


class PolicyChoice(Endpoint):
    """Which policy counts."""

    @describes("preview_policy_choice", "sla", answers={200: ChoiceShape(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List what the ticket can be promised, and what each choice would do to its clocks."""
        ticket, now = access.get_ticket(self.actor, ref, Right.CHOOSE_POLICY), timezone.now()
        offered = [("rules", None), ("hand", None), *(("hand", policy) for policy in policies_in_force(now))]
        asked = [{"is_chosen": by == "hand", "chosen_id": policy and policy.pk} for by, policy in offered]
        current = choice_of(ticket)
        told = []
        for (by, policy), counted in zip(offered, effects(ticket, now, asked), strict=True):
            name = by if by == "rules" else "none" if policy is None else str(policy.pk)
            told.append(
                {
                    "by": by,
                    "policy": policy and policy.code,
                    "is_chosen": name == current,
                    "effects": several(EffectShape, counted),
                }
            )
        return answer(told)

    @acts("choose_policy", PolicyChoiceInput, tag="sla")
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Choose what the ticket is promised: by the rules, by a policy, or nothing."""
        given = self.read(PolicyChoiceInput).validated_data

        def act(**how: Any) -> Ticket:
            return choose_policy(chosen=given["by"] == "hand", policy=policy_by(given["policy"]), **how)

        return done(self, ref, Right.CHOOSE_POLICY, act)

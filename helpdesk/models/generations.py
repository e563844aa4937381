"""Which set-up is in force: a mark that every change of it makes anew."""

from django.db import models


class SetupGeneration(models.Model):
    """The one row. Triggers on the tables of the set-up write another mark with each change, in its own transaction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    mark = models.UUIDField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="setup_generation_one_row"),)

    def __str__(self) -> str:
        return str(self.mark)

"""People and organisations as other systems see them."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape


class PersonRef(Shape):
    """Somebody, by the name under which they are known today."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    @staticmethod
    def write_id(row: Any) -> int:
        pk: int = row.present.pk
        return pk

    @staticmethod
    def write_name(row: Any) -> str:
        return str(row)


class OrganizationRef(Shape):
    """An organisation by its name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class KnownShape(Shape):
    """Somebody by what is known of each person."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True, help_text="Empty of whom only the address is known.")
    email = serializers.EmailField()
    role = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()


class PersonShape(KnownShape):
    """Somebody with what who looks after people may know of them."""

    is_vip = serializers.BooleanField()
    is_active = serializers.BooleanField()
    is_integration = serializers.BooleanField()
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    created_at = serializers.DateTimeField()


class OrganizationShape(Shape):
    """An organisation with its place in the desk."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    region = serializers.CharField(source="region_id", allow_null=True, help_text="The code of the region.")
    service_tier = serializers.CharField(allow_null=True, help_text="The code of the service tier.")
    is_active = serializers.BooleanField()

    @staticmethod
    def write_region(row: Any) -> str | None:
        return row.region.code if row.region is not None else None

    @staticmethod
    def write_service_tier(row: Any) -> str | None:
        return row.service_tier.code if row.service_tier is not None else None

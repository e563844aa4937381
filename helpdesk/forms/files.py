"""Fields for several files at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class FilesInput(forms.ClearableFileInput):
    """The browser's own picker, for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; its value is a list, empty where none were chosen. Limits are the action's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(), required=False, allow_empty_file=True, **kwargs)

    def clean(
        self, data: "Sequence[UploadedFile[Any] | None] | None", initial: Any = None
    ) -> "list[UploadedFile[Any]]":
        return [super(FilesField, self).clean(one, initial) for one in data or () if one]

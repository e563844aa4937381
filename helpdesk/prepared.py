"""Queries whose SQL is built once in each process, and asked with other values each time.

Django builds the text of a query anew whenever it is asked, which takes longer than PostgreSQL takes to answer the
short questions of a page. `prepared` keeps the text:

    @prepared
    def tasks_of(ticket: int, *, done: bool) -> QuerySet[SubTask]:
        rows = SubTask.objects.filter(ticket=ticket)
        return rows.exclude(done_at=None) if done else rows

What is given by position is a hole in the text, and may be anything each time. What is given by name decides on the
text and has to be hashable: each value of it makes a text of its own. Inside the function a hole is no value that could
be looked at, so that nothing of one asker can stay in a text that another one gets.
"""

import contextlib
import copy
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property, lru_cache, wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import CursorDebugWrapper, ServerBindingCursor
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from psycopg.types.numeric import Int8

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
R = TypeVar("R")
# A text with places for values that go beside it, and these.
Asked = tuple[str, Sequence[Any]]

# Texts of one function; each has some kilobytes.
_MOST: Final = 256
# Texts that PostgreSQL keeps for a connection, of all functions.
_MOST_KEPT: Final = 512
_PLACE: Final = re.compile("%%|%s")


class Hole(Value):
    """Where the value of this position goes when the query is asked."""

    def __init__(self, position: int) -> None:
        super().__init__(None)
        self.position = position

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A parameter that holds the place of one."""
        return "%s", [self]


# A foreign key does not know the lookups of other fields.
@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`among`: the column is one of a list, which is one value and may be a hole, where `in` makes one of each."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """The condition, as PostgreSQL reads any `IN` too."""
        column, given = self.process_lhs(compiler, connection)
        values, more = self.process_rhs(compiler, connection)
        return f"{column} = ANY({values})", [*given, *more]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """The whole list as one parameter."""
        return "%s", [list(value)]


class _Noted(CursorDebugWrapper):
    """A cursor whose questions Django keeps with their values: psycopg has no text of one that is prepared."""

    def debug_sql(self, sql: Any = None, params: Any = None, *_args: Any, **_given: Any) -> Any:
        """What is kept of one."""
        return super().debug_sql(self.db.ops.compose_sql(sql, params), params)


class _Preparing(ServerBindingCursor):
    """A cursor whose texts alone are counted, and prepared where they come again.

    Elsewhere the connection prepares nothing: it would keep every text that is asked once, however long, and forget
    with each rollback what it had prepared, which PostgreSQL does not.
    """

    def execute(self, *args: Any, **given: Any) -> Any:
        """As ever."""
        connection = self.connection  # type: ignore[attr-defined] # Django's stubs know nothing of psycopg's cursor.
        connection.prepare_threshold = settings.DB_PREPARED_AFTER
        try:
            return super().execute(*args, **given)  # type: ignore[misc] # as above
        finally:
            connection.prepare_threshold = None


class _Asking:
    """The connection as Django's own compiler asks it, but that the values go beside the text.

    So PostgreSQL reads and plans a text that comes again and again once for each connection, which takes it longer than
    to answer. Where others pool the connections (`DB_PGBOUNCER`), it reads each text anew.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        """One cursor, as Django wraps it."""
        real = self._connection
        real.ensure_connection()
        real.connection.prepared_max = _MOST_KEPT
        with real.wrap_database_errors:
            usual, real.connection.cursor_factory = real.connection.cursor_factory, _Preparing
            try:
                cursor = real.create_cursor()
            finally:
                real.connection.cursor_factory = usual
        return _Noted(cursor, real) if real.queries_logged else real._prepare_cursor(cursor)


def _of_one_size(value: Any) -> Any:
    """A number as PostgreSQL's largest kind: psycopg sends the smallest that holds it, and a text for each kind."""
    if type(value) is int:
        return Int8(value)
    return [*map(_of_one_size, value)] if isinstance(value, (list, tuple)) else value


def _put(text: str, values: Sequence[Any]) -> str:
    """The text with the values in their places."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    told: str = connection.ops.compose_sql(text, values)
    return told.replace("%", "%%")


class _Text(Generic[M, R]):
    """The text of a query, with what makes rows of its answer."""

    def __init__(self, rows: QuerySet[M, R]) -> None:
        self.rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql: str | None = None
        self._params: Sequence[Any] = ()
        self._converters: Any = None
        # Django knows of some that they find nothing, and has no text for them.
        with contextlib.suppress(EmptyResultSet):
            self._sql, self._params = self._compiler.as_sql()

    @cached_property
    def _holed(self) -> tuple[str, list[int]]:
        """The text in which what never changes stands as it is, so that plans know of it, and where the values go."""
        params, holes = iter(self._params), []

        def put(place: re.Match[str]) -> str:
            if place[0] == "%%":
                return "%%"
            if isinstance(value := next(params), Hole):
                holes.append(value.position)
                return "%s"
            return _put("%s", [value])

        return _PLACE.sub(put, cast("str", self._sql)), holes

    def filled(self, values: Sequence[Any]) -> Asked | None:
        """The text and the values that go beside it; None where nothing can be found."""
        if self._sql is None:
            return None
        text, holes = self._holed
        return text, tuple(_of_one_size(values[position]) for position in holes)

    def ask(self, values: Sequence[Any]) -> Iterator[R]:
        """What it finds with these values."""
        if (known := self.filled(values)) is None:
            return iter(())
        # Django's own way from an answer to rows, with a compiler that has its text already.
        compiler: Any = copy.copy(self._compiler)
        compiler.connection = _Asking(connections[DEFAULT_DB_ALIAS])
        compiler.as_sql = lambda *_args, **_kwargs: known
        compiler.get_converters = self._converted
        query: Any = copy.copy(self.rows.query)
        query.get_compiler = lambda *_args, **_kwargs: compiler
        asked: Any = QuerySet(self.rows.model, query=query)
        rows: Any = self.rows
        asked._fields = rows._fields
        found: Iterator[R] = iter(rows._iterable_class(asked))
        return found

    def _converted(self, columns: Any) -> Any:
        """What makes Python's values of the columns, which are the same ones each time: looked up once."""
        if self._converters is None:
            self._converters = self._compiler.get_converters(columns)
        return self._converters


class _Rows(QuerySet[M, R]):
    """Rows that come by a text that was built before. Who narrows them further gets an ordinary queryset."""

    def __init__(self, text: _Text[M, R], values: Sequence[Any], build: Callable[[], QuerySet[M, R]]) -> None:
        kept: Any = text.rows
        super().__init__(kept.model, kept._query)
        self._build, self._text, self._told = build, text, values
        self._iterable_class: Any = lambda *_args, **_kwargs: text.ask(values)
        self._prefetch_related_lookups = kept._prefetch_related_lookups

    @property
    def sql(self) -> Asked | None:
        """The text and its values, see `sql_of`."""
        return self._text.filled(self._told)

    @cached_property
    def _ordinary(self) -> Any:
        return self._build()

    @property
    def query(self) -> Any:
        """The query of the ordinary queryset: the text's own has holes."""
        return self._ordinary.query

    @query.setter
    def query(self, value: Any) -> None:
        raise TypeError("What was built once is not built otherwise afterwards.")

    def _clone(self) -> Any:
        return self._ordinary._clone()


def prepared(build: Callable[P, QuerySet[M, R]]) -> Callable[P, QuerySet[M, R]]:
    """The same function, whose SQL is built once for all values by position."""

    @lru_cache(maxsize=_MOST)
    def text(count: int, shape: tuple[tuple[str, Hashable], ...]) -> _Text[M, R]:
        holes: list[Any] = [Hole(position) for position in range(count)]
        return _Text(cast("Callable[..., QuerySet[M, R]]", build)(*holes, **dict(shape)))

    @wraps(build)
    def ask(*values: P.args, **shape: P.kwargs) -> QuerySet[M, R]:
        known = text(len(values), tuple(sorted(shape.items())))
        return _Rows(known, values, lambda: build(*values, **shape))

    return ask


def sql_of(rows: QuerySet[M, R]) -> Asked | None:
    """The text of a query and the values that `ask` puts beside it; None where it is known to find nothing."""
    if isinstance(rows, _Rows):
        return rows.sql
    try:
        return _put(*rows.query.sql_with_params()), ()
    except EmptyResultSet:
        return None


def ask(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a text finds that is put together of others."""
    with _Asking(connections[DEFAULT_DB_ALIAS]).cursor() as cursor:
        cursor.execute(text, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def fill(owner: Model, name: str, rows: Sequence[M], model: type[M]) -> None:
    """Let the owner's relation have these rows, as `prefetch_related` does."""
    found: Any = QuerySet(model)
    found._result_cache, found._prefetch_done = list(rows), True
    known: Any = owner
    known._prefetched_objects_cache = {**getattr(owner, "_prefetched_objects_cache", {}), name: found}

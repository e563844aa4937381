"""Django's templates, rendered in fewer steps: the same language and the same pages, at half the price.

A page of the desk is some three thousand nodes, and Django asks each of them as if it met it for the first time: it
looks for whoever may have to explain an error, escapes by five passes over a text of two words, and translates the same
constant again and again. What of that is known when a template is read is done then. Where something is out of the
ordinary, Django's own way is gone; with `debug` it is gone always, since it tells where an error is.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from django.template import Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import (
    FilterExpression,
    Lexer,
    Parser,
    TextNode,
    Token,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral, URLNode
from django.template.loader_tags import BlockNode, IncludeNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # unknown to the stubs
from django.utils.translation import get_language

from helpdesk.domain.escaping import escaped

# What a lookup that finds nothing may raise; Django then looks elsewhere.
_NOT_THERE: Final = (TypeError, AttributeError, KeyError, ValueError, IndexError)


class _Variable(Variable):
    """A name with what is asked of it, `person.name`."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        """Its value in the context."""
        lookups: Any = self.lookups
        name, *further = lookups
        for level in reversed(context.dicts):
            if name in level:
                value = level[name]
                break
        else:
            if name.isdecimal() or hasattr(context, name):
                return super().resolve(context)
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, context))
        try:
            return _asked(value, further)
        except Exception as problem:
            if isinstance(problem, _NOT_THERE) or getattr(problem, "silent_variable_failure", False):
                return super().resolve(context)
            raise


def _asked(value: Any, names: Sequence[str]) -> Any:
    """What a value has by these names, where nothing is out of the ordinary."""
    if callable(value):
        value = _called(value)
    for name in names:
        if type(value) is dict and not (name in value or name.isdecimal() or hasattr(dict, name)):
            # A page asks for much that is not there, and Django would look for it twice and write it into a log.
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, value))
        if hasattr(type(value), "__getitem__"):
            try:
                value = value[name]
            except _NOT_THERE:
                value = getattr(value, name)
        else:
            value = getattr(value, name)
        if callable(value):
            value = _called(value)
    return value


def _called(value: Any) -> Any:
    """What a template gets where it names something that can be called."""
    if getattr(value, "do_not_call_in_templates", False):
        return value
    return "" if getattr(value, "alters_data", False) else value()


class _Expression(FilterExpression):
    """A variable or a constant, with filters."""

    __slots__ = ("steps",)

    def __init__(self, token: str, parser: Any) -> None:
        super().__init__(token, parser)
        self.steps = [
            (
                func,
                [(is_variable, _quicker(given) if is_variable else mark_safe(given)) for is_variable, given in args],  # noqa: S308 - a constant
                getattr(func, "expects_localtime", False),
                getattr(func, "needs_autoescape", False),
                getattr(func, "is_safe", False),
            )
            for func, args in self.filters
        ]
        if self.is_var:
            self.var = _quicker(self.var)

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """Its value; of a variable that is not there, nothing in words or None."""
        if self.is_var:
            try:
                value = self.var.resolve(context)
            except VariableDoesNotExist:
                value = None if ignore_failures else ""
        else:
            value = self.var
        return self._filtered(value, context) if self.steps else value

    def or_none(self, context: Any) -> Any:
        """Its value; None of a variable that is not there."""
        return self.resolve(context, ignore_failures=True)

    def _filtered(self, value: Any, context: Any) -> Any:
        for func, args, wants_local_time, wants_escaping, is_safe in self.steps:
            given = [one.resolve(context) if is_variable else one for is_variable, one in args]
            if wants_local_time:
                value = template_localtime(value, context.use_tz)
            new = func(value, *given, autoescape=context.autoescape) if wants_escaping else func(value, *given)
            value = mark_safe(new) if is_safe and isinstance(value, SafeData) else new  # noqa: S308 - it was safe
        return value


def _quicker(variable: Variable) -> Variable:
    if variable.lookups is not None and not variable.translate:
        variable.__class__ = _Variable
    return variable


class _Nodes(NodeList):
    """Nodes whose texts need no asking; what lies together is put together."""

    _parts: list[Any] | None = None
    _blocks: list[Any] | None = None

    def render(self, context: Any) -> SafeString:
        """The nodes as one text."""
        parts = self._parts
        if parts is None:
            parts = self._parts = _parts(self)
        return SafeString("".join([part if part.__class__ is str else part(context) for part in parts]))

    def get_nodes_by_type(self, nodetype: Any) -> list[Any]:
        """All of one type. A base template is asked for its blocks whenever another one extends it."""
        if nodetype is not BlockNode:
            return super().get_nodes_by_type(nodetype)
        if self._blocks is None:
            self._blocks = super().get_nodes_by_type(nodetype)
        return self._blocks


def _parts(nodes: NodeList) -> list[Any]:
    """The texts, and how to render the other nodes."""
    parts: list[Any] = []
    for is_constant, together in groupby(nodes, _is_constant):
        if is_constant:
            parts.append(_constant(list(together)))
        else:
            parts += [
                node.render if type(node).render_annotated is Node.render_annotated else node.render_annotated
                for node in together
            ]
    return parts


def _is_constant(node: Node) -> bool:
    if isinstance(node, _Translate):
        return node.is_constant and not node.asvar
    return type(node) is TextNode or (isinstance(node, _Static) and node.is_constant)


def _constant(nodes: Sequence[Node]) -> str | Callable[[Any], str]:
    """What the nodes say: the same always, or the same in each language."""
    if all(isinstance(node, TextNode) for node in nodes):
        return "".join([node.s for node in nodes if isinstance(node, TextNode)])
    said: dict[str | None, str] = {}

    def render(context: Any) -> str:
        language = get_language()
        words = said.get(language)
        if words is None:
            words = said[language] = "".join([node.render(context) for node in nodes])
        return words

    return render


class _Value(VariableNode):
    """`{{ value }}`"""

    def render(self, context: Any) -> Any:
        value = self.filter_expression.resolve(context)
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str and context.autoescape:
            return escaped(value)
        return render_value_in_context(value, context)


class _If(IfNode):
    """`{% if … %}`"""

    def render(self, context: Any) -> str:
        for condition, nodes in self.conditions_nodelists:
            if condition is not None:
                try:
                    holds = condition.eval(context)
                except VariableDoesNotExist:
                    continue
                if not holds:
                    continue
            return nodes.render(context)
        return ""

    def quicken(self) -> None:
        """Let what the conditions look at be asked without a step between."""
        for condition, _nodes in self.conditions_nodelists:
            _quicken(condition)


def _quicken(condition: Any) -> None:
    if isinstance(condition, TemplateLiteral):
        literal: Any = condition
        literal.eval = literal.value.or_none
    elif condition is not None:
        _quicken(condition.first)
        _quicken(condition.second)


class _Whole(Node):
    """Nodes as one node, for a tag that goes through its nodes itself."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render_annotated(self, context: Any) -> str:
        return self.nodelist.render(context)


class _For(ForNode):
    """`{% for … %}`"""

    def quicken(self) -> None:
        """Let a round of the loop be one node."""
        nodes: Any = self.nodelist_loop
        self.nodelist_loop = NodeList([_Whole(nodes)])


class _Include(IncludeNode):
    """`{% include "…" %}`"""

    found: Any = None

    def render(self, context: Any) -> Any:
        template = self.found
        if template is None:
            name = self.template.resolve(context)
            if self.template.is_var or not isinstance(name, str) or name.startswith("."):
                return super().render(context)
            template = self.found = context.template.engine.get_template(name)
        values = {name: given.resolve(context) for name, given in self.extra_context.items()}
        if self.isolated_context:
            return template.render(context.new(values))
        # What `Template.render` does inside another template, without managers of contexts.
        state = context.render_context
        outer = state.template
        state.template = template
        state.dicts.append({})
        context.dicts.append(values)
        try:
            return template._render(context)  # noqa: SLF001 - what every kind of node ends in
        finally:
            context.dicts.pop()
            state.dicts.pop()
            state.template = outer


class _Translate(TranslateNode):
    """`{% translate "…" %}`; what is `is_constant` is asked for once in each language, see `_constant`."""

    @property
    def is_constant(self) -> bool:
        """Whether the words are known from the template."""
        words, place = self.filter_expression, self.message_context
        return words.var.lookups is None and not words.filters and (place is None or not place.is_var)


class _Static(StaticNode):
    """`{% static "…" %}`"""

    @property
    def is_constant(self) -> bool:
        """Whether the file is known from the template."""
        path: Any = self.path
        return not self.varname and not path.is_var and not path.filters


class _Url(URLNode):
    """`{% url "…" %}`"""

    def quicken(self) -> None:
        """Remember where a name leads that needs nothing else to lead somewhere."""
        self.known: dict[tuple[Any, ...], Any] = {}
        self.is_constant = not (self.args or self.kwargs or self.asvar or self.view_name.is_var)

    def render(self, context: Any) -> Any:
        if not self.is_constant:
            return super().render(context)
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        place = (get_urlconf(), get_script_prefix(), getattr(request, "current_app", None), match and match.namespace)
        if place not in self.known:
            self.known[place] = super().render(context)
        return self.known[place]


_QUICKER: Final[dict[type[Node], type[Node]]] = {
    VariableNode: _Value,
    IfNode: _If,
    ForNode: _For,
    IncludeNode: _Include,
    TranslateNode: _Translate,
    StaticNode: _Static,
    URLNode: _Url,
}


class _Parser(Parser):
    """Reads a template into nodes of the quicker kinds."""

    def parse(self, parse_until: Any = None) -> Any:
        return _Nodes(super().parse(parse_until))

    def extend_nodelist(self, nodelist: Any, node: Any, token: Token) -> None:
        if quicker := _QUICKER.get(type(node)):
            node.__class__ = quicker
            quicken: Callable[[], None] | None = getattr(node, "quicken", None)
            if quicken is not None:
                quicken()
        super().extend_nodelist(nodelist, node, token)

    def compile_filter(self, token: str) -> Any:
        return _Expression(token, self)


class _Template(Template):
    """A template that is rendered in fewer steps."""

    def compile_nodelist(self) -> Any:
        if self.engine.debug or self.engine.string_if_invalid:
            return super().compile_nodelist()
        parser = _Parser(
            Lexer(self.source).tokenize(),
            self.engine.template_libraries,
            self.engine.template_builtins,
            self.origin,
        )
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class _Reading(base.Loader):
    get_contents: Any

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """As Django's, but for the kind of template."""
        tried = []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "Skipped to avoid recursion"))
                continue
            try:
                contents = self.get_contents(origin)
            except TemplateDoesNotExist:
                tried.append((origin, "Source does not exist"))
                continue
            name: Any = origin.template_name
            return _Template(contents, origin, name, self.engine)
        raise TemplateDoesNotExist(template_name, tried=tried)


class Loader(cached.Loader, _Reading):
    """Finds templates by other loaders and keeps them."""

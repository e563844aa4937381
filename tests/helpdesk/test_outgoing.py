"""Calling addresses that somebody gave, against real servers: to checked addresses only, and never for long."""

import datetime as dt
import ipaddress
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from helpdesk.domain.addresses import Fault, Rules, WrongAddress
from helpdesk.outgoing import CallFailed, Resolve, Wire
from tests.receiver import Receiver, drop, status

HOME = ipaddress.ip_network("127.0.0.0/8")


def names(*answers: Sequence[str]) -> Resolve:
    """A name server that answers otherwise each time, the last answer for ever."""
    left = list(answers)
    return lambda _host, _port: left.pop(0) if len(left) > 1 else left[0]


def wire(receiver: Receiver, resolve: Resolve, *, seconds: float = 5, networks: Sequence[object] = (HOME,)) -> Wire:
    rules = Rules(frozenset({receiver.port}), plain_http=True, networks=networks)  # type: ignore[arg-type] # a test's
    return Wire(rules, resolve, seconds=seconds)


def test_call_arrives_whole(receiver: Receiver) -> None:
    answered = wire(receiver, names(["127.0.0.1"])).post(
        receiver.url("/in?x=1", host="hooks.example"), b'{"a": "\xc3\xa4"}', {"X-Mine": "yes"}
    )
    ((path, headers, body),) = receiver.calls
    assert (answered.status, path, body) == (200, "/in?x=1", '{"a": "ä"}')
    assert (headers["host"], headers["x-mine"]) == (f"hooks.example:{receiver.port}", "yes")


@pytest.mark.parametrize(
    "found",
    [["10.0.0.1"], ["127.0.0.1", "169.254.169.254"], ["8.8.8.8", "::1"], ["::ffff:127.0.0.1"], ["fe80::1%1"]],
)
def test_name_that_leads_inside_with_any_of_its_addresses_is_not_called(receiver: Receiver, found: list[str]) -> None:
    with pytest.raises(WrongAddress) as refused:
        wire(receiver, names(found)).post(receiver.url(host="hooks.example"), b"", {})
    assert refused.value.fault is Fault.CLOSED
    assert receiver.calls == []


def test_name_that_is_looked_up_once_cannot_lead_elsewhere_a_moment_later(receiver: Receiver) -> None:
    """The first answer is open (for this test: let in); the second would lead to the server that is not."""
    inside = ipaddress.ip_network("127.0.0.1/32")
    resolve = names(["127.0.0.1"], ["127.0.0.2"])
    calling = wire(receiver, resolve, networks=[inside])
    assert calling.post(receiver.url(host="hooks.example"), b"", {}).status == 200
    with pytest.raises(WrongAddress):
        calling.post(receiver.url(host="hooks.example"), b"", {})


def test_what_was_open_when_it_was_saved_is_looked_at_again_when_it_is_called(receiver: Receiver) -> None:
    resolve = names(["8.8.8.8"], ["127.0.0.1"])
    calling = wire(receiver, resolve, networks=())
    calling.check(receiver.url(host="hooks.example"))
    with pytest.raises(WrongAddress):
        calling.post(receiver.url(host="hooks.example"), b"", {})
    assert receiver.calls == []


def test_second_address_of_a_name_is_tried_where_the_first_is_away(receiver: Receiver) -> None:
    resolve = names(["127.0.0.9", "127.0.0.1"])
    assert wire(receiver, resolve).post(receiver.url(host="hooks.example"), b"", {}).status == 200


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert wire(receiver, names(["127.0.0.1"])).post(receiver.url(host="hooks.example"), b"", {}).status == 200


def test_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.script = [status(307, Location=receiver.url("/elsewhere"))]
    assert wire(receiver, names(["127.0.0.1"])).post(receiver.url(), b"", {}).status == 307
    assert [path for path, _headers, _body in receiver.calls] == ["/hook"]


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_who_answers_slowly_or_never_is_given_up(receiver: Receiver, how: str) -> None:
    receiver.script = [getattr(receiver, how)]
    begun = time.monotonic()
    with pytest.raises(CallFailed):
        wire(receiver, names(["127.0.0.1"]), seconds=0.25).post(receiver.url(), b"", {})
    assert time.monotonic() - begun < 2


def test_name_server_that_is_silent_holds_up_nobody(receiver: Receiver) -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        receiver.over.wait(20)
        return []

    with pytest.raises(CallFailed, match="in time"):
        wire(receiver, resolve, seconds=0.1).post(receiver.url(host="hooks.example"), b"", {})


def test_line_that_is_dropped_or_speaks_nonsense_is_a_failure(receiver: Receiver) -> None:
    receiver.script = [drop, lambda handler: _write(handler, b"SSH-2.0-OpenSSH_9\r\n\r\n")]
    for _try in range(2):
        with pytest.raises(CallFailed):
            wire(receiver, names(["127.0.0.1"])).post(receiver.url(), b"", {})


def _write(handler: object, data: bytes) -> None:
    handler.wfile.write(data)  # type: ignore[attr-defined] # the server's own
    handler.close_connection = True  # type: ignore[attr-defined] # as above


def test_of_a_long_answer_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.script = [status(500, "x" * 1_000_000)]
    answered = wire(receiver, names(["127.0.0.1"])).post(receiver.url(), b"", {})
    assert answered.status == 500
    assert 0 < len(answered.text) <= 64 << 10


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `hooks.example` with its key, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def test_certificate_is_checked_for_the_name_though_the_address_is_called(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    asked: list[str | None] = []
    server.sni_callback = lambda _line, name, _context: asked.append(name)
    client = ssl.create_default_context(cafile=str(certificate))
    with Receiver().running(server) as receiver:
        rules = Rules(frozenset({receiver.port}), networks=[HOME])

        def post(host: str, context: ssl.SSLContext) -> int:
            calling = Wire(rules, names(["127.0.0.1"]), lambda: context, seconds=5)
            return calling.post(receiver.url(scheme="https", host=host), b"{}", {}).status

        assert post("hooks.example", client) == 200
        for host, context in (("other.example", client), ("hooks.example", ssl.create_default_context())):
            with pytest.raises(CallFailed, match="certificate"):
                post(host, context)
    assert asked == ["hooks.example", "other.example", "hooks.example"]
    assert len(receiver.calls) == 1

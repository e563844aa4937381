"""The domains of mail addresses: how one is written in exactly one way, and which belong to nobody's organisation."""

import re
from typing import Final

from helpdesk.errors import NOT_A_DOMAIN, PUBLIC_DOMAIN, Code, DomainError

# A name below a top-level domain, in the letters that travel: what is beyond them is written as `xn--…`.
_SHAPE: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")

# Where anybody gets an address: who has one of them belongs to no organisation by that.
PUBLIC: Final = frozenset(
    """
    126.com 139.com 163.com 189.cn aim.com aliyun.com aol.com aol.de arcor.de att.net bellsouth.net bigpond.com
    bk.ru bluewin.ch blueyonder.co.uk bol.com.br btinternet.com charter.net comcast.net cox.net daum.net
    discard.email duck.com earthlink.net email.com email.de fastmail.com fastmail.fm foxmail.com free.fr freenet.de
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com guerrillamail.com hanmail.net hey.com
    hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv inbox.ru
    interia.pl kpnmail.nl laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl mac.com mail.com
    mail.de mail.ru mailbox.org mailinator.com me.com msn.com naver.com neuf.fr ntlworld.com o2.pl onet.pl online.de
    online.no optonline.net orange.fr outlook.at outlook.com outlook.de outlook.es outlook.fr outlook.it pm.me
    posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com
    rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com skynet.be sohu.com t-online.de
    talktalk.net telenet.be telia.com telus.net terra.com.br tiscali.it tuta.com tutamail.com tutanota.com ukr.net
    uol.com.br verizon.net vip.qq.com virgilio.it virgin.net virginmedia.com wanadoo.fr web.de wp.pl xs4all.nl ya.ru
    yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es
    yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com yopmail.com zoho.com zohomail.com
    """.split()  # noqa: SIM905 - as a list of words, one could not read it
)


def normal(text: str) -> str:
    """A domain as it is compared: small letters, `xn--…` for what is beyond ASCII. Nothing for what is no domain.

    It is the same spelling in which mails leave, so that a domain here is the one that a confirming mail went to. A
    domain below another one is another domain.
    """
    plain = text.strip().lower().removeprefix("@").removesuffix(".")
    try:
        ascii_only = plain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return ascii_only if _SHAPE.match(ascii_only) else ""


def spellings(domain: str) -> set[str]:
    """How addresses at a domain may be written: as it is compared, and in the letters that it stands for."""
    try:
        return {domain, domain.encode("ascii").decode("idna")}
    except UnicodeError:
        return {domain}


def domain_of(address: str) -> str:
    """The domain of a mail address, as it is compared. Nothing for what is no address."""
    local, _at, domain = address.strip().rpartition("@")
    return normal(domain) if local else ""


def checked(text: str) -> str:
    """A domain that may be an organisation's, as it is compared. Raises DomainError for any other."""
    domain = normal(text)
    if not domain:
        raise DomainError(NOT_A_DOMAIN, Code.WRONG, field="domain")
    if domain in PUBLIC:
        raise DomainError(str(PUBLIC_DOMAIN) % {"domain": domain}, Code.WRONG, field="domain")
    return domain

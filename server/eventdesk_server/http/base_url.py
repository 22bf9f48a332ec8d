"""The address an account's operations are joined to."""

import ipaddress

import httpx2


def checked_base_url(text: str) -> str:
    """The base URL without a trailing slash.

    Raises:
        ValueError: It is no address to which a key may be sent.
    """
    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL:
        raise ValueError("base_url is not a web address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("base_url must begin with https:// and name a host")
    if url.userinfo:
        raise ValueError("base_url must not hold a user name or password")
    if url.query or url.fragment or "?" in text or "#" in text:
        raise ValueError("base_url must not hold a query or fragment")
    if url.scheme == "http" and not _loopback(url.host):
        raise ValueError("base_url must begin with https://, or the key would travel in the open")
    return str(url).rstrip("/")


def _loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

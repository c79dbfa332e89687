"""The addresses at which a phone finds this machine. The only module that uses ifaddr."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address

import ifaddr


def addresses() -> list[str]:
    """This machine's IPv4 addresses, the likeliest first; [] without a network."""
    found = [
        IPv4Address(each.ip)
        for adapter in ifaddr.get_adapters()
        for each in adapter.ips
        if isinstance(each.ip, str)  # IPv6 addresses are tuples
    ]
    reachable = [each for each in found if not each.is_loopback]
    ours = _towards_others()
    # A link-local address (169.254.…) means that no router has given it one.
    reachable.sort(key=lambda each: (str(each) != ours, each.is_link_local, not each.is_private))
    return list(dict.fromkeys(map(str, reachable)))


def _towards_others() -> str:
    """The address from which this machine reaches other networks; "" if it reaches none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # sends nothing: it only looks up the route
        except OSError:
            return ""
        return str(way.getsockname()[0])

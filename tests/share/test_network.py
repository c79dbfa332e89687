"""Which addresses are told, and in which order."""

from __future__ import annotations

import socket

import ifaddr
import pytest

from cadence_cue.share import network

V6 = ("fe80::1", 0, 2)


def adapter(name: str, *ips: str | tuple[str, int, int]) -> ifaddr.Adapter:
    return ifaddr.Adapter(name, name, [ifaddr.IP(ip, 24, name) for ip in ips])


def test_the_likeliest_address_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters = [
        adapter("lo", "127.0.0.1"),
        adapter("usb0", "169.254.1.2"),
        adapter("vpn", "100.64.0.7"),
        adapter("docker0", "172.17.0.1", V6),
        adapter("wlan0", "192.168.1.5"),
    ]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
    for ours, order in (
        ("192.168.1.5", ["192.168.1.5", "172.17.0.1", "100.64.0.7", "169.254.1.2"]),
        ("", ["172.17.0.1", "192.168.1.5", "100.64.0.7", "169.254.1.2"]),
    ):
        monkeypatch.setattr(network, "_towards_others", lambda ours=ours: ours)
        assert network.addresses() == order


def test_without_a_network_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoWay(socket.socket):
        def connect(self, _address: object) -> None:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [adapter("lo", "127.0.0.1", V6)])
    monkeypatch.setattr(socket, "socket", NoWay)
    assert network.addresses() == []


def test_this_machine_can_be_asked() -> None:
    assert "127.0.0.1" not in network.addresses()

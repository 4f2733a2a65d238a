"""Why: the standard's examples give exact bytes; these stand in for the card's wire and the reader's dice."""

from collections.abc import Callable, Sequence


def unhex(text: str) -> bytes:
    """Hex digits with any white space."""
    return bytes.fromhex("".join(text.split()))


class ScriptedLink:
    """A card that answers a fixed conversation, and complains about any other command."""

    def __init__(self, exchange: Sequence[tuple[str, str]]) -> None:
        self._exchange = [(unhex(command), unhex(answer)) for command, answer in exchange]
        self.atr = b"\x3b\x80\x80\x01\x01"
        self.reader_name = "Worked example"

    @property
    def finished(self) -> bool:
        """Whether the whole conversation took place."""
        return not self._exchange

    def transmit(self, apdu: bytes) -> bytes:
        """The next answer, if the command is the expected one."""
        expected, answer = self._exchange.pop(0)
        assert apdu.hex() == expected.hex()
        return answer

    def reset(self) -> None:
        """No worked example resets the card."""
        raise AssertionError("a reset in a worked example")

    def present(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing to let go of."""


class Drawn:
    """Randomness that was drawn when the standard was written."""

    def __init__(self, secrets: Sequence[str] = (), octets: Sequence[str] = ()) -> None:
        self._secrets = [int.from_bytes(unhex(text)) for text in secrets]
        self._octets = [unhex(text) for text in octets]

    def bytes(self, count: int) -> bytes:
        """The next octets."""
        drawn = self._octets.pop(0)
        assert len(drawn) == count
        return drawn

    def secret(self, draw: Callable[[], int]) -> int:
        """The next private key."""
        del draw
        return self._secrets.pop(0)

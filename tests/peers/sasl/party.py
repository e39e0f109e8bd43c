"""What both sides of SASL have in common, whoever implements them."""

from kerberos.party import KerberosSide


class SaslSide(KerberosSide):
    """A side whose messages are those of its security layer: `wrap` and `unwrap`."""

    complete = False

    def __init__(self, place):
        super().__init__(place, None)

    def layer(self):
        """none, integrity or confidentiality."""
        raise NotImplementedError

    def most(self):
        """The most data that it sends in one message."""
        raise NotImplementedError

    def client_name(self):
        raise NotImplementedError

    def session_key(self):
        raise NotImplementedError("a layer of SASL shows no key")

    def sign(self, data):
        raise NotImplementedError("a layer of SASL has no signatures apart")

    def verify(self, data, signature):
        raise NotImplementedError("a layer of SASL has no signatures apart")

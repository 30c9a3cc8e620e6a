"""How a rule is known."""

from enum import StrEnum


class Evidence(StrEnum):
    """STATED: the provider's guide says it. OBSERVED: public clients of the service do it.
    ASSUMED: neither; this project chose a behaviour and documents it.
    """

    STATED = "stated"
    OBSERVED = "observed"
    ASSUMED = "assumed"

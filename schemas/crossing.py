"""How records cross barriers, behind which engines may hold whole collections in memory."""


class CrossingRecord:
    """A record of which millions cross barriers: pickled as its class and values alone."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes the record again."""
        return type(self), tuple(getattr(self, name) for name in self.__slots__)

"""Stub."""


class CellIndex: ...

"""PKCS #7's padding."""


class PKCS7:
    def __init__(self, block_size: int) -> None:
        self._size = block_size // 8

    def padder(self) -> "_Padder":
        return _Padder(self._size)

    def unpadder(self) -> "_Unpadder":
        return _Unpadder()


class _Padder:
    def __init__(self, size: int) -> None:
        self._size, self._done = size, 0

    def update(self, data: bytes) -> bytes:
        self._done += len(data)
        return data

    def finalize(self) -> bytes:
        missing = self._size - self._done % self._size
        return bytes([missing]) * missing


class _Unpadder:
    def update(self, data: bytes) -> bytes:
        self._data = data
        return b""

    def finalize(self) -> bytes:
        count = self._data[-1]
        if self._data[-count:] != bytes([count]) * count:
            raise ValueError("Invalid padding bytes.")
        return self._data[:-count]

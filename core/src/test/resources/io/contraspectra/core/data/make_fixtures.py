"""Writes the NumPy fixtures beside this file; run once with `python3 make_fixtures.py` and commit the result."""
import gzip
import struct
import warnings

import numpy as np
from numpy.lib import format as npy

a = np.arange(12).reshape(3, 4) / 4 - 1

for code in ("<f4", "<f8", "<i4", "<i8"):
    np.save(f"{code[1:]}.npy", a.astype(code) if code[1] == "f" else np.arange(-5, 7).reshape(3, 4).astype(code))
np.save("b1.npy", np.array([True, False, True]))
np.save("u1.npy", np.array([[0, 127], [128, 255]], dtype="u1"))
np.save("fortran.npy", np.asfortranarray(a))
np.save("fortran3.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
np.save("fortran-f4.npy", np.asfortranarray(a.astype("<f4")))
np.save("scalar.npy", np.float64(2.5))
np.save("one.npy", np.array([2.5]))
np.save("empty.npy", np.zeros((0, 4)))
np.save("column.npy", np.arange(5.0))
np.save("text.npy", np.array("softplus"))
np.save("texts.npy", np.array(["a", "Straße", "𝛼x"]))
np.save("bytes.npy", np.array([b"relu", b"erf"]))
np.save("big-endian.npy", a.astype(">f8"))
np.save("half.npy", a.astype("<f2"))
np.save("record.npy", np.zeros(2, dtype=[("x", "<f8"), ("y", "<i4")]))
np.save("object.npy", np.array([None, 1], dtype=object), allow_pickle=True)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for version in (1, 2, 3):
        with open(f"v{version}.npy", "wb") as f:
            npy.write_array(f, a, version=(version, 0))
np.savez("stored.npz", a=a, f=np.asfortranarray(a), n=np.arange(3), activation=np.array("relu"), beta=np.array([0.5]))
np.savez_compressed("deflated.npz", a=a, zeros=np.zeros((200, 50)), activation=np.array("erf"))
layers = {}
for key, (rows, cols) in {"0": (4, 3), "2": (5, 4), "10": (2, 5)}.items():
    layers[key + ".weight"] = (np.arange(rows * cols).reshape(rows, cols) / 8 - 1).astype("<f4")
    layers[key + ".bias"] = np.arange(rows).astype("<f4")
np.savez("state-dict.npz", **dict(sorted(layers.items())))


def idx(path, array, open_=open):
    """MNIST's format."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    with open_(path, "wb") as f:
        f.write(header + array.astype("u1").tobytes())


images = (np.arange(5 * 4 * 3).reshape(5, 4, 3) * 4).astype("u1")
labels = np.array([3, 1, 4, 1, 255])
idx("train-images-idx3-ubyte", images)
idx("train-labels-idx1-ubyte", labels)
idx("t10k-images-idx3-ubyte.gz", images, lambda path, mode: gzip.GzipFile(path, mode, mtime=0))
idx("t10k-labels-idx1-ubyte.gz", labels, lambda path, mode: gzip.GzipFile(path, mode, mtime=0))

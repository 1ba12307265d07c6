// What the emulator and the kernels compiled behind shim.h know of each other.
#pragma once
#include "emulator.h"

struct Geometry { unsigned gridX, gridY, blockX, blockY; };

// Reads a kernel's arguments now, and gives the work to be done later.
typedef std::function<void()> (*Bind)(void** parameters, Geometry geometry, Range (*rangeOf)(Address));

// A CUDA device that is none: the entry points that the CUDA backend uses, on host memory. Work is put off until
// somebody waits for it, so that a missing synchronisation gives a wrong result; device addresses are no host
// addresses, so that confusing them faults; every access of the device is checked against what was allocated.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

typedef uint64_t Address;
typedef int64_t Size;

// What the run of a piece of work may fail with; becomes CUDA_ERROR_ILLEGAL_ADDRESS at the next call.
struct Fault : std::runtime_error { using std::runtime_error::runtime_error; };

// A block of device memory, on the host.
struct Range { Address first, end; char* host; };

// One lock for the device: its work runs piece by piece.
extern std::recursive_mutex world;

// Live contexts, blocks, streams, events, modules and handles.
extern long live;

// The block that holds an address; throws Fault.
Range rangeOf(Address address);

// The host's view of some bytes of the device; throws Fault if they do not lie in one block.
void* onHost(Address address, Size bytes, const char* who);

// Puts work off to the end of a stream.
void enqueue(Address stream, std::function<void()> work);

// A number from the environment, by which a test makes the device another one.
long setting(const char* name, long otherwise);

template <typename T> T* matrixOnHost(Address address, Size lines, Size length, Size ld, const char* who) {
  Size span = lines == 0 || length == 0 ? 0 : (lines - 1) * ld + length;
  return span == 0 ? nullptr : (T*) onHost(address, span * sizeof(T), who);
}

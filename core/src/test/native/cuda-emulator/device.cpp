// The driver: one device, its memory, streams and events.
#include "emulator.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <vector>

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400, ILLEGAL_ADDRESS = 700 };

static const Address DEVICE_BIT = 1ull << 62;
static const Address CONTEXT = 0xc0de;

struct Stream { std::deque<std::function<void()>> work; long queued = 0, done = 0; };
struct Event { Address stream = 0; long position = 0; };

std::recursive_mutex world;
long live = 0;
static std::map<Address, Range> blocks;
static std::set<void*> pinned;
static std::map<Address, Stream> streams;
static std::map<Address, Event> events;
static Address nextHandle = 0x1000;
static Size used = 0;
static long contexts = 0;
static bool faulted = false;
static thread_local Address current = 0;

typedef std::lock_guard<std::recursive_mutex> Lock;

long setting(const char* name, long otherwise) {
  const char* text = getenv(name);
  return text ? atol(text) : otherwise;
}

static Size total() { return setting("EMULATED_MEMORY", 1l << 30); }

Range rangeOf(Address address) {
  auto after = blocks.upper_bound(address);
  if (after != blocks.begin()) {
    Range range = std::prev(after)->second;
    if (address < range.end) return range;
  }
  char text[99];
  snprintf(text, sizeof text, "address %llx is in no block of device memory", (unsigned long long) address);
  throw Fault(text);
}

void* onHost(Address address, Size bytes, const char* who) {
  Range range = rangeOf(address);
  if (bytes < 0 || (Size) (range.end - address) < bytes)
    throw Fault(std::string(who) + ": " + std::to_string(bytes) + " bytes reach beyond the end of their block");
  return range.host + (address - range.first);
}

static void run(Stream& stream, long position) {
  while (stream.done < position) {
    auto next = std::move(stream.work.front());
    stream.work.pop_front();
    try {
      if (!faulted) next();
    } catch (const std::exception& e) {
      fprintf(stderr, "emulated device: %s\n", e.what());
      faulted = true;
    }
    stream.done++;
  }
}

static void runAll() {
  for (auto& entry : streams) run(entry.second, entry.second.queued);
}

// A fault poisons a context for good; the emulator forgives it once it is reported, so that other tests can go on.
static int outcome() {
  bool bad = faulted;
  faulted = false;
  return bad ? ILLEGAL_ADDRESS : SUCCESS;
}

void enqueue(Address stream, std::function<void()> work) {
  auto found = streams.find(stream);
  if (found == streams.end()) throw Fault("no such stream");
  found->second.work.push_back(std::move(work));
  found->second.queued++;
}

#define CURRENT Lock lock(world); if (current == 0 || contexts == 0) return INVALID_CONTEXT;

static int put(Address stream, std::function<void()> work) {
  CURRENT
  if (!streams.count(stream)) return INVALID_HANDLE;
  enqueue(stream, std::move(work));
  return SUCCESS;
}

EXPORT long emulatorLive() { return live; }

EXPORT int cuDriverGetVersion(int* version) { *version = (int) setting("EMULATED_DRIVER", 13000); return SUCCESS; }

EXPORT int cuInit(unsigned) {
  return setting("EMULATED_DEVICES", 1) == 0 ? NO_DEVICE : (int) setting("EMULATED_INIT", SUCCESS);
}

EXPORT int cuGetErrorName(int status, const char** name) {
  static const std::map<int, const char*> names = {{INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
      {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"}, {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
      {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"}, {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE"},
      {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"}, {500, "CUDA_ERROR_NOT_FOUND"},
      {200, "CUDA_ERROR_INVALID_IMAGE"}, {34, "CUDA_ERROR_STUB_LIBRARY"}, {46, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
      {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"}, {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"}};
  auto found = names.find(status);
  *name = found == names.end() ? nullptr : found->second;
  return found == names.end() ? INVALID_VALUE : SUCCESS;
}

EXPORT int cuDeviceGetCount(int* count) { *count = (int) setting("EMULATED_DEVICES", 1); return SUCCESS; }

EXPORT int cuDeviceGet(int* device, int ordinal) { *device = ordinal; return SUCCESS; }

EXPORT int cuDeviceGetName(char* name, int length, int) { snprintf(name, length, "Emulated Device"); return SUCCESS; }

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 16: *value = 2; return SUCCESS;
    case 75: *value = (int) setting("EMULATED_CAPABILITY", 75) / 10; return SUCCESS;
    case 76: *value = (int) setting("EMULATED_CAPABILITY", 75) % 10; return SUCCESS;
    case 87: *value = 2; return SUCCESS;
    default: return INVALID_VALUE;
  }
}

EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = total(); return SUCCESS; }

EXPORT int cuDevicePrimaryCtxRetain(Address* context, int) {
  Lock lock(world);
  int refusal = (int) setting("EMULATED_CONTEXT", SUCCESS);
  if (refusal != SUCCESS) return refusal;
  contexts++;
  live++;
  *context = CONTEXT;
  return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
  Lock lock(world);
  if (contexts == 0) return INVALID_CONTEXT;
  contexts--;
  live--;
  return SUCCESS;
}

EXPORT int cuCtxSetCurrent(Address context) { current = context; return SUCCESS; }

EXPORT int cuMemGetInfo_v2(size_t* free, size_t* all) {
  CURRENT
  *all = total();
  *free = total() - used;
  return SUCCESS;
}

EXPORT int cuMemAlloc_v2(Address* address, size_t bytes) {
  CURRENT
  if (bytes == 0) return INVALID_VALUE;
  if ((Size) bytes > total() - used) return OUT_OF_MEMORY;
  char* host = (char*) aligned_alloc(256, (bytes + 255) / 256 * 256);
  memset(host, 0xff, bytes < (1 << 20) ? bytes : 1 << 20); // NaN, as far as it costs little
  Address first = (Address) host | DEVICE_BIT;
  blocks[first] = {first, first + bytes, host};
  used += bytes;
  live++;
  *address = first;
  return SUCCESS;
}

EXPORT int cuMemFree_v2(Address address) {
  CURRENT
  runAll();
  auto found = blocks.find(address);
  if (found == blocks.end()) return INVALID_VALUE;
  used -= found->second.end - found->second.first;
  free(found->second.host);
  blocks.erase(found);
  live--;
  return outcome();
}

EXPORT int cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
  CURRENT
  *memory = malloc(bytes);
  pinned.insert(*memory);
  live++;
  return SUCCESS;
}

EXPORT int cuMemFreeHost(void* memory) {
  CURRENT
  if (!pinned.erase(memory)) return INVALID_VALUE;
  free(memory);
  live--;
  return SUCCESS;
}

EXPORT int cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  CURRENT
  try { memcpy(onHost(to, bytes, "cuMemcpyHtoD"), from, bytes); } catch (const Fault&) { return INVALID_VALUE; }
  return SUCCESS;
}

EXPORT int cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  CURRENT
  try { memcpy(to, onHost(from, bytes, "cuMemcpyDtoH"), bytes); } catch (const Fault&) { return INVALID_VALUE; }
  return SUCCESS;
}

EXPORT int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, Address stream) {
  return put(stream, [=] { memcpy(onHost(to, bytes, "cuMemcpyHtoDAsync"), from, bytes); });
}

EXPORT int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, Address stream) {
  return put(stream, [=] { memcpy(to, onHost(from, bytes, "cuMemcpyDtoHAsync"), bytes); });
}

EXPORT int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Address stream) {
  return put(stream, [=] {
    memcpy(onHost(to, bytes, "cuMemcpyDtoDAsync"), onHost(from, bytes, "cuMemcpyDtoDAsync"), bytes);
  });
}

EXPORT int cuMemsetD8Async(Address to, unsigned char value, size_t bytes, Address stream) {
  return put(stream, [=] { memset(onHost(to, bytes, "cuMemsetD8Async"), value, bytes); });
}

EXPORT int cuStreamCreate(Address* stream, unsigned) {
  CURRENT
  *stream = nextHandle++;
  streams[*stream];
  live++;
  return SUCCESS;
}

EXPORT int cuStreamDestroy_v2(Address stream) {
  CURRENT
  auto found = streams.find(stream);
  if (found == streams.end()) return INVALID_HANDLE;
  run(found->second, found->second.queued);
  streams.erase(found);
  live--;
  return outcome();
}

EXPORT int cuStreamSynchronize(Address stream) {
  CURRENT
  auto found = streams.find(stream);
  if (found == streams.end()) return INVALID_HANDLE;
  run(found->second, found->second.queued);
  return outcome();
}

static void reach(Event event) {
  auto found = streams.find(event.stream);
  if (found != streams.end()) run(found->second, event.position);
}

EXPORT int cuStreamWaitEvent(Address stream, Address event, unsigned) {
  CURRENT
  auto found = events.find(event);
  if (found == events.end()) return INVALID_HANDLE;
  Event awaited = found->second;
  return put(stream, [=] { reach(awaited); });
}

EXPORT int cuEventCreate(Address* event, unsigned) {
  CURRENT
  *event = nextHandle++;
  events[*event];
  live++;
  return SUCCESS;
}

EXPORT int cuEventRecord(Address event, Address stream) {
  CURRENT
  auto found = events.find(event);
  if (found == events.end() || !streams.count(stream)) return INVALID_HANDLE;
  found->second = {stream, streams[stream].queued};
  return SUCCESS;
}

EXPORT int cuEventSynchronize(Address event) {
  CURRENT
  auto found = events.find(event);
  if (found == events.end()) return INVALID_HANDLE;
  reach(found->second);
  return outcome();
}

EXPORT int cuEventDestroy_v2(Address event) {
  CURRENT
  if (!events.erase(event)) return INVALID_HANDLE;
  live--;
  return SUCCESS;
}

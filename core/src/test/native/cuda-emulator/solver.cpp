// cuSOLVER by the LAPACKE of the OpenBLAS whose path is compiled in, column-major as the original.
#include "emulator.h"
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <vector>

static const int COLUMN_MAJOR = 102;
static const Size DEVICE_WORK = 4096, HOST_WORK = 512;
enum { NOT_INITIALIZED = 1, INVALID_VALUE = 3 };

static std::map<Address, Address> streamOf;
static Address nextHandle = 0x501e000;
typedef std::lock_guard<std::recursive_mutex> Lock;

template <typename F> static F lapacke(const std::string& name) {
  static void* library = dlopen(LAPACK_PATH, RTLD_NOW | RTLD_LOCAL);
  void* symbol = library ? dlsym(library, ("LAPACKE_" + name).c_str()) : nullptr;
  if (!symbol) throw Fault("no " + name + " in " LAPACK_PATH);
  return (F) symbol;
}

template <typename T> static std::string typed(const char* routine) {
  return std::string(sizeof(T) == 8 ? "d" : "s") + routine;
}

static int put(Address handle, std::function<void()> work) {
  Lock lock(world);
  auto found = streamOf.find(handle);
  if (found == streamOf.end()) return NOT_INITIALIZED;
  try { enqueue(found->second, std::move(work)); } catch (const Fault&) { return INVALID_VALUE; }
  return 0;
}

static void finish(Address info, int value) { *(int*) onHost(info, sizeof(int), "info") = value; }

// Uses up the workspaces, so that too small a one or a wrong address shows.
static void spoil(Address device, Size deviceBytes) {
  if (deviceBytes < DEVICE_WORK) throw Fault("device workspace too small");
  memset(onHost(device, deviceBytes, "device workspace"), 0xee, deviceBytes);
}

static int spoilHost(void* host, Size bytes) {
  if (bytes < HOST_WORK) return INVALID_VALUE;
  memset(host, 0xee, bytes);
  return 0;
}

static int sizes(size_t* device, size_t* host) {
  *device = DEVICE_WORK;
  *host = HOST_WORK;
  return 0;
}

EXPORT int cusolverGetProperty(int property, int* value) {
  *value = property == 0 ? (int) setting("EMULATED_LIBRARIES", 13) - 1 : 0;
  return 0;
}

EXPORT int cusolverDnCreate(Address* handle) {
  Lock lock(world);
  *handle = nextHandle++;
  streamOf[*handle] = 0;
  live++;
  return 0;
}

EXPORT int cusolverDnDestroy(Address handle) {
  Lock lock(world);
  if (!streamOf.erase(handle)) return NOT_INITIALIZED;
  live--;
  return 0;
}

EXPORT int cusolverDnSetStream(Address handle, Address stream) { streamOf[handle] = stream; return 0; }

EXPORT int cusolverDnCreateParams(Address* params) { Lock lock(world); live++; *params = 0xaa; return 0; }

EXPORT int cusolverDnDestroyParams(Address) { Lock lock(world); live--; return 0; }

template <typename T> static void syevd(int upper, Size n, Address a, Size lda, Address w, Address info) {
  auto call = lapacke<int (*)(int, char, char, int, T*, int, T*)>(typed<T>("syevd"));
  finish(info, call(COLUMN_MAJOR, 'V', upper ? 'U' : 'L', (int) n, matrixOnHost<T>(a, n, n, lda, "syevd A"), (int) lda,
      matrixOnHost<T>(w, 1, n, n, "syevd W")));
}

EXPORT int cusolverDnXsyevd_bufferSize(Address, Address, int, int, Size, int, Address, Size, int, Address, int,
    size_t* device, size_t* host) { return sizes(device, host); }

EXPORT int cusolverDnXsyevd(Address h, Address, int vectors, int upper, Size n, int type, Address a, Size lda, int,
    Address w, int, Address work, size_t workBytes, void* host, size_t hostBytes, Address info) {
  if (!vectors || lda < n || spoilHost(host, hostBytes)) return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, workBytes);
    if (type) syevd<double>(upper, n, a, lda, w, info); else syevd<float>(upper, n, a, lda, w, info);
  });
}

template <typename T> static void syevdx(int upper, Size n, Address a, Size lda, Size il, Size iu, Address w,
    Address info) {
  auto call = lapacke<int (*)(int, char, char, char, int, T*, int, T, T, int, int, T, int*, T*, T*, int, int*)>(
      typed<T>("syevr"));
  T* matrix = matrixOnHost<T>(a, n, n, lda, "syevdx A");
  Size count = iu - il + 1;
  std::vector<T> z(n * count);
  std::vector<int> support(2 * n);
  int found = 0;
  int status = call(COLUMN_MAJOR, 'V', 'I', upper ? 'U' : 'L', (int) n, matrix, (int) lda, 0, 0, (int) il, (int) iu, 0,
      &found, matrixOnHost<T>(w, 1, n, n, "syevdx W"), z.data(), (int) n, support.data());
  for (Size j = 0; j < count; j++) memcpy(matrix + j * lda, z.data() + j * n, n * sizeof(T));
  finish(info, status);
}

EXPORT int cusolverDnXsyevdx_bufferSize(Address, Address, int, int, int, Size, int, Address, Size, void*, void*, Size,
    Size, Size*, int, Address, int, size_t* device, size_t* host) { return sizes(device, host); }

EXPORT int cusolverDnXsyevdx(Address h, Address, int vectors, int range, int upper, Size n, int type, Address a,
    Size lda, void*, void*, Size il, Size iu, Size* found, int, Address w, int, Address work, size_t workBytes,
    void* host, size_t hostBytes, Address info) {
  if (!vectors || range != 1002 || il < 1 || iu > n || lda < n || spoilHost(host, hostBytes)) return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, workBytes);
    *found = iu - il + 1; // not before somebody waits
    if (type) syevdx<double>(upper, n, a, lda, il, iu, w, info); else syevdx<float>(upper, n, a, lda, il, iu, w, info);
  });
}

template <typename T> static void geqrf(Size m, Size n, Address a, Size lda, Address tau, Address info) {
  auto call = lapacke<int (*)(int, int, int, T*, int, T*)>(typed<T>("geqrf"));
  Size r = m < n ? m : n;
  finish(info, call(COLUMN_MAJOR, (int) m, (int) n, matrixOnHost<T>(a, n, m, lda, "geqrf A"), (int) lda,
      matrixOnHost<T>(tau, 1, r, r, "geqrf tau")));
}

EXPORT int cusolverDnXgeqrf_bufferSize(Address, Address, Size, Size, int, Address, Size, int, Address, int,
    size_t* device, size_t* host) { return sizes(device, host); }

EXPORT int cusolverDnXgeqrf(Address h, Address, Size m, Size n, int type, Address a, Size lda, int, Address tau, int,
    Address work, size_t workBytes, void* host, size_t hostBytes, Address info) {
  if (lda < m || spoilHost(host, hostBytes)) return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, workBytes);
    if (type) geqrf<double>(m, n, a, lda, tau, info); else geqrf<float>(m, n, a, lda, tau, info);
  });
}

template <typename T> static int orgqr(Address h, int m, int n, int k, Address a, int lda, Address tau, Address work,
    int elements, Address info) {
  if (n > m || k > n || lda < m) return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, (Size) elements * sizeof(T));
    auto call = lapacke<int (*)(int, int, int, int, T*, int, const T*)>(typed<T>("orgqr"));
    finish(info, call(COLUMN_MAJOR, m, n, k, matrixOnHost<T>(a, n, m, lda, "orgqr A"), lda,
        matrixOnHost<T>(tau, 1, k, k, "orgqr tau")));
  });
}

#define ORGQR(T, LETTER) \
  EXPORT int cusolverDn##LETTER##orgqr_bufferSize(Address, int, int, int, Address, int, Address, int* elements) { \
    *elements = DEVICE_WORK / sizeof(T); \
    return 0; \
  } \
  EXPORT int cusolverDn##LETTER##orgqr(Address h, int m, int n, int k, Address a, int lda, Address tau, Address work, \
      int elements, Address info) { \
    return orgqr<T>(h, m, n, k, a, lda, tau, work, elements, info); \
  }
ORGQR(float, S)
ORGQR(double, D)

template <typename T> static void potrf(int upper, Size n, Address a, Size lda, Address info) {
  auto call = lapacke<int (*)(int, char, int, T*, int)>(typed<T>("potrf"));
  finish(info, call(COLUMN_MAJOR, upper ? 'U' : 'L', (int) n, matrixOnHost<T>(a, n, n, lda, "potrf A"), (int) lda));
}

EXPORT int cusolverDnXpotrf_bufferSize(Address, Address, int, Size, int, Address, Size, int, size_t* device,
    size_t* host) { return sizes(device, host); }

EXPORT int cusolverDnXpotrf(Address h, Address, int upper, Size n, int type, Address a, Size lda, int, Address work,
    size_t workBytes, void* host, size_t hostBytes, Address info) {
  if (lda < n || spoilHost(host, hostBytes)) return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, workBytes);
    if (type) potrf<double>(upper, n, a, lda, info); else potrf<float>(upper, n, a, lda, info);
  });
}

template <typename T> static void gesvd(Size m, Size n, Address a, Size lda, Address s, Address u, Size ldu,
    Address vt, Size ldvt, Address info) {
  auto call = lapacke<int (*)(int, char, char, int, int, T*, int, T*, T*, int, T*, int, T*)>(typed<T>("gesvd"));
  std::vector<T> superdiagonal(n);
  finish(info, call(COLUMN_MAJOR, 'S', 'S', (int) m, (int) n, matrixOnHost<T>(a, n, m, lda, "gesvd A"), (int) lda,
      matrixOnHost<T>(s, 1, n, n, "gesvd S"), matrixOnHost<T>(u, n, m, ldu, "gesvd U"), (int) ldu,
      matrixOnHost<T>(vt, n, n, ldvt, "gesvd VT"), (int) ldvt, superdiagonal.data()));
}

EXPORT int cusolverDnXgesvd_bufferSize(Address, Address, signed char, signed char, Size, Size, int, Address, Size, int,
    Address, int, Address, Size, int, Address, Size, int, size_t* device, size_t* host) { return sizes(device, host); }

EXPORT int cusolverDnXgesvd(Address h, Address, signed char ju, signed char jv, Size m, Size n, int type, Address a,
    Size lda, int, Address s, int, Address u, Size ldu, int, Address vt, Size ldvt, int, Address work,
    size_t workBytes, void* host, size_t hostBytes, Address info) {
  if (ju != 'S' || jv != 'S' || m < n || lda < m || ldu < m || ldvt < n || spoilHost(host, hostBytes))
    return INVALID_VALUE;
  return put(h, [=] {
    spoil(work, workBytes);
    if (type) gesvd<double>(m, n, a, lda, s, u, ldu, vt, ldvt, info);
    else gesvd<float>(m, n, a, lda, s, u, ldu, vt, ldvt, info);
  });
}

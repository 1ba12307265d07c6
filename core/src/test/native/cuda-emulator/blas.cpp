// cuBLAS by loops, column-major as the original.
#include "emulator.h"
#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

struct Handle { Address stream = 0; Address workspace = 0; int mode = 0; };

static std::map<Address, Handle> handles;
static Address nextHandle = 0xb1a5000;
typedef std::lock_guard<std::recursive_mutex> Lock;

enum { NOT_INITIALIZED = 1, INVALID_VALUE = 7 };

static int put(Address handle, std::function<void()> work) {
  Lock lock(world);
  auto found = handles.find(handle);
  if (found == handles.end()) return NOT_INITIALIZED;
  if (found->second.workspace == 0) return 14; // results of several streams would depend on chance
  try { enqueue(found->second.stream, std::move(work)); } catch (const Fault&) { return INVALID_VALUE; }
  return 0;
}

EXPORT const char* cublasGetStatusName(int status) {
  return status == 1 ? "CUBLAS_STATUS_NOT_INITIALIZED" : status == 7 ? "CUBLAS_STATUS_INVALID_VALUE"
      : status == 14 ? "CUBLAS_STATUS_INTERNAL_ERROR" : "CUBLAS_STATUS_UNKNOWN";
}

EXPORT int cublasGetProperty(int property, int* value) {
  *value = property == 0 ? (int) setting("EMULATED_LIBRARIES", 13) : 0;
  return 0;
}

EXPORT int cublasCreate_v2(Address* handle) {
  Lock lock(world);
  *handle = nextHandle++;
  handles[*handle];
  live++;
  return 0;
}

EXPORT int cublasDestroy_v2(Address handle) {
  Lock lock(world);
  if (!handles.erase(handle)) return NOT_INITIALIZED;
  live--;
  return 0;
}

EXPORT int cublasSetStream_v2(Address handle, Address stream) { handles[handle].stream = stream; handles[handle].workspace = 0; return 0; }

EXPORT int cublasSetWorkspace_v2(Address handle, Address workspace, size_t bytes) {
  Lock lock(world);
  try { onHost(workspace, bytes, "cublasSetWorkspace"); } catch (const Fault&) { return INVALID_VALUE; }
  handles[handle].workspace = workspace;
  return 0;
}

EXPORT int cublasSetMathMode(Address handle, int mode) {
  if (!handles.count(handle)) return NOT_INITIALIZED;
  handles[handle].mode = mode;
  return 0;
}

// A factor as TF32 keeps it, rounded to 10 bits of mantissa.
static double cut(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = (bits + 0x1000) & 0xffffe000;
  memcpy(&value, &bits, sizeof bits);
  return value;
}

static double cut(double value) { return value; }

static bool cutsFactors(Address handle) {
  Lock lock(world);
  auto found = handles.find(handle);
  return found != handles.end() && found->second.mode == 3;
}

// C := alpha op(A) op(B) + beta C where `inside` says so.
template <typename T, typename Inside> static void product(bool tf32, bool ta, bool tb, Size m, Size n, Size k, T alpha,
    const T* a, Size lda, const T* b, Size ldb, T beta, T* c, Size ldc, Inside inside) {
  std::vector<double> column(m);
  for (Size j = 0; j < n; j++) {
    std::fill(column.begin(), column.end(), 0.0);
    for (Size l = 0; l < k; l++) {
      T element = tb ? b[j + l * ldb] : b[l + j * ldb];
      double factor = tf32 ? cut(element) : (double) element;
      if (tf32) for (Size i = 0; i < m; i++) column[i] += cut(ta ? a[l + i * lda] : a[i + l * lda]) * factor;
      else if (ta) for (Size i = 0; i < m; i++) column[i] += a[l + i * lda] * factor;
      else for (Size i = 0; i < m; i++) column[i] += a[i + l * lda] * factor;
    }
    for (Size i = 0; i < m; i++) if (inside(i, j))
      c[i + j * ldc] = (T) (alpha * column[i] + (beta == 0 ? 0 : (double) beta * c[i + j * ldc]));
  }
}

template <typename T> static int gemm(Address handle, int ta, int tb, Size m, Size n, Size k, const T* alpha,
    Address a, Size lda, Size strideA, Address b, Size ldb, Size strideB, const T* beta, Address c, Size ldc,
    Size strideC, Size count) {
  if (m < 0 || n < 0 || k < 0 || lda < std::max<Size>(1, ta ? k : m) || ldb < std::max<Size>(1, tb ? n : k)
      || ldc < std::max<Size>(1, m)) return INVALID_VALUE;
  return put(handle, [=, alpha = *alpha, beta = *beta, tf32 = cutsFactors(handle)] {
    for (Size p = 0; p < count; p++) {
      const T* x = matrixOnHost<T>(a + p * strideA * sizeof(T), ta ? m : k, ta ? k : m, lda, "gemm A");
      const T* y = matrixOnHost<T>(b + p * strideB * sizeof(T), tb ? k : n, tb ? n : k, ldb, "gemm B");
      T* z = matrixOnHost<T>(c + p * strideC * sizeof(T), n, m, ldc, "gemm C");
      product<T>(tf32, ta, tb, m, n, k, alpha, x, lda, y, ldb, beta, z, ldc, [](Size, Size) { return true; });
    }
  });
}

template <typename T> static int syrk(Address handle, int upper, int t, Size n, Size k, const T* alpha, Address a,
    Size lda, const T* beta, Address c, Size ldc) {
  if (n < 0 || k < 0 || lda < std::max<Size>(1, t ? k : n) || ldc < std::max<Size>(1, n)) return INVALID_VALUE;
  return put(handle, [=, alpha = *alpha, beta = *beta, tf32 = cutsFactors(handle)] {
    const T* x = matrixOnHost<T>(a, t ? n : k, t ? k : n, lda, "syrk A");
    T* z = matrixOnHost<T>(c, n, n, ldc, "syrk C");
    product<T>(tf32, t, !t, n, n, k, alpha, x, lda, x, lda, beta, z, ldc,
        [=](Size i, Size j) { return upper ? i <= j : i >= j; });
  });
}

template <typename T> static int trsm(Address handle, int right, int upper, int t, int unit, Size m, Size n,
    const T* alpha, Address a, Size lda, Address b, Size ldb) {
  Size order = right ? n : m;
  if (unit || lda < std::max<Size>(1, order) || ldb < std::max<Size>(1, m)) return INVALID_VALUE;
  return put(handle, [=, alpha = *alpha] {
    const T* x = matrixOnHost<T>(a, order, order, lda, "trsm A");
    T* y = matrixOnHost<T>(b, n, m, ldb, "trsm B");
    // Line by line: op(A) v = w on the left, op(A)ᵀ v = w on the right.
    bool transposed = (bool) t != (bool) right;
    bool forward = (bool) upper == transposed;
    for (Size line = 0; line < (right ? m : n); line++)
      for (Size step = 0; step < order; step++) {
        Size at = forward ? step : order - 1 - step;
        auto v = [&](Size i) -> T& { return right ? y[line + i * ldb] : y[i + line * ldb]; };
        double rest = (double) alpha * v(at);
        for (Size l = forward ? 0 : at + 1; l < (forward ? at : order); l++)
          rest -= (double) (transposed ? x[l + at * lda] : x[at + l * lda]) * v(l);
        v(at) = (T) (rest / x[at + at * lda]);
      }
  });
}

template <typename T> static int geam(Address handle, int ta, int tb, Size m, Size n, const T* alpha, Address a,
    Size lda, const T* beta, Address b, Size ldb, Address c, Size ldc) {
  if (m < 0 || n < 0 || lda < std::max<Size>(1, ta ? n : m) || ldb < std::max<Size>(1, tb ? n : m)
      || ldc < std::max<Size>(1, m) || (c == a && (ta || lda != ldc)) || (c == b && (tb || ldb != ldc)))
    return INVALID_VALUE;
  return put(handle, [=, alpha = *alpha, beta = *beta] {
    const T* x = matrixOnHost<T>(a, ta ? m : n, ta ? n : m, lda, "geam A");
    const T* y = beta == 0 ? nullptr : matrixOnHost<T>(b, tb ? m : n, tb ? n : m, ldb, "geam B");
    T* z = matrixOnHost<T>(c, n, m, ldc, "geam C");
    for (Size j = 0; j < n; j++) for (Size i = 0; i < m; i++) {
      T left = alpha * (ta ? x[j + i * lda] : x[i + j * lda]);
      z[i + j * ldc] = beta == 0 ? left : left + beta * (tb ? y[j + i * ldb] : y[i + j * ldb]);
    }
  });
}

template <typename T> static int dgmm(Address handle, int right, Size m, Size n, Address a, Size lda, Address x,
    Size incx, Address c, Size ldc) {
  if (m < 0 || n < 0 || lda < std::max<Size>(1, m) || ldc < std::max<Size>(1, m) || incx < 1
      || (c == a && lda != ldc)) return INVALID_VALUE;
  return put(handle, [=] {
    const T* from = matrixOnHost<T>(a, n, m, lda, "dgmm A");
    const T* factors = matrixOnHost<T>(x, right ? n : m, 1, incx, "dgmm x");
    T* to = matrixOnHost<T>(c, n, m, ldc, "dgmm C");
    for (Size j = 0; j < n; j++) for (Size i = 0; i < m; i++)
      to[i + j * ldc] = from[i + j * lda] * factors[(right ? j : i) * incx];
  });
}

#define BOTH(T, LETTER) \
  EXPORT int cublas##LETTER##gemm_v2_64(Address h, int ta, int tb, Size m, Size n, Size k, const T* alpha, \
      Address a, Size lda, Address b, Size ldb, const T* beta, Address c, Size ldc) { \
    return gemm<T>(h, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1); \
  } \
  EXPORT int cublas##LETTER##gemmStridedBatched_64(Address h, int ta, int tb, Size m, Size n, Size k, const T* alpha, \
      Address a, Size lda, Size sa, Address b, Size ldb, Size sb, const T* beta, Address c, Size ldc, Size sc, \
      Size count) { \
    return gemm<T>(h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count); \
  } \
  EXPORT int cublas##LETTER##syrk_v2_64(Address h, int upper, int t, Size n, Size k, const T* alpha, Address a, \
      Size lda, const T* beta, Address c, Size ldc) { \
    return syrk<T>(h, upper, t, n, k, alpha, a, lda, beta, c, ldc); \
  } \
  EXPORT int cublas##LETTER##trsm_v2_64(Address h, int right, int upper, int t, int unit, Size m, Size n, \
      const T* alpha, Address a, Size lda, Address b, Size ldb) { \
    return trsm<T>(h, right, upper, t, unit, m, n, alpha, a, lda, b, ldb); \
  } \
  EXPORT int cublas##LETTER##geam_64(Address h, int ta, int tb, Size m, Size n, const T* alpha, Address a, Size lda, \
      const T* beta, Address b, Size ldb, Address c, Size ldc) { \
    return geam<T>(h, ta, tb, m, n, alpha, a, lda, beta, b, ldb, c, ldc); \
  } \
  EXPORT int cublas##LETTER##dgmm_64(Address h, int right, Size m, Size n, Address a, Size lda, Address x, Size incx, \
      Address c, Size ldc) { \
    return dgmm<T>(h, right, m, n, a, lda, x, incx, c, ldc); \
  }

BOTH(float, S)
BOTH(double, D)

// The kernels of the CUDA backend. Compiled at run time, once for each element type, with
//   Real, Other    the element type and the other one
//   CONSTANTS      the polynomials of Polynomials.java, put in front of this text
// Sizes and places are 64-bit. Every loop strides over the grid, so any geometry gives the same result. A kernel whose
// threads work together declares its shared memory itself, in its own body.

#ifndef EMULATED
template <typename T> using Pointer = T*;
#endif

typedef long long Index;

#define KERNEL extern "C" __global__ void

// Threads of a block that reduces, and elements that it reduces to one.
#define THREADS 128
#define CHUNK 4096

// A row-major matrix, as Java passes it.
template <typename T> struct View {
  Pointer<T> start;
  Index rows, cols, ld;
  __device__ T& operator()(Index row, Index col) const { return start[row * ld + col]; }
};
typedef View<Real> Matrix;

// Every (i, j) once, on blocks of threads in two dimensions.
#define EACH(i, j, ROWS, COLS) \
  for (Index i = blockIdx.y * (Index) blockDim.y + threadIdx.y; i < (ROWS); i += gridDim.y * (Index) blockDim.y) \
    for (Index j = blockIdx.x * (Index) blockDim.x + threadIdx.x; j < (COLS); j += gridDim.x * (Index) blockDim.x)

// a / b; a division of 64 bits takes several times as long as one of 32.
static __device__ Index quotient(Index a, Index b) {
  return (a | b) >> 31 ? a / b : (Index) ((unsigned) a / (unsigned) b);
}

// The n-th element in row-major order.
template <typename T> static __device__ T& element(const View<T>& x, Index n) {
  if (x.ld == x.cols || x.rows == 1) return x.start[n];
  Index row = quotient(n, x.cols);
  return x(row, n - row * x.cols);
}

// ---- functions of one number, in double precision whatever the element type

static __device__ double powerOfTwo(int exponent) { return __longlong_as_double((exponent + 1023LL) << 52); }

#define INFINITE __longlong_as_double(0x7ff0000000000000LL)

template <int N> static __device__ double polynomial(const double (&coefficients)[N], double x) {
  double value = coefficients[N - 1];
  for (int i = N - 2; i >= 0; i--) value = fma(value, x, coefficients[i]);
  return value;
}

// factor exp(high + middle + low), rounded nearly as if the sum of the exponents were exact.
static __device__ double scaledExp(double high, double middle, double low, double factor) {
  double k = rint(LOG2_E * (high + middle + low));
  double r = fma(-k, LN2_HIGH, high) + middle + fma(-k, LN2_LOW, low);
  double e = fma(fma(r * r, polynomial(EXP, r), r), factor, factor);
  int half = (int) k >> 1;
  return e * powerOfTwo(half) * powerOfTwo((int) k - half);
}

// Phi(-z) for z at least 0; see ErrorFunction.java, whose arithmetic this is.
static __device__ double lowerTail(double z) {
  if (z != z) return z;
  double x = z > TAIL_END ? TAIL_END : z;
  double divisor = fma(TAIL_SLOPE, x, 1.0);
  double w = 1 / divisor;
  double divisorError = fma(TAIL_SLOPE, x, 1 - divisor);
  double wError = -fma(divisorError, w, fma(divisor, w, -1.0));
  double square = x * x;
  double squareError = fma(x, x, -square);
  double s = fma(TAIL_SCALE, w, TAIL_SHIFT);
  double low = fma(wError, fma(TAIL_ERROR_SLOPE, w, 1.0), -0.5 * squareError);
  return scaledExp(-0.5 * square, TAIL_HIGH, fma(s, polynomial(TAIL, s), TAIL_LOW + low), 0.5 * w);
}

static __device__ double normalCdf(double z) {
  double tail = lowerTail(fabs(z));
  return z > 0 ? 1 - tail : tail;
}

static __device__ double errorFunction(double x) {
  if (fabs(x) < 1) {
    double square = x * x;
    double correction = fma(square, polynomial(ERF, square), TWO_OVER_SQRT_PI_LOW);
    return fma(x, TWO_OVER_SQRT_PI, x * correction);
  }
  return copysign(1 - 2 * lowerTail(SQRT_TWO * fabs(x)), x);
}

static __device__ double tanhDerivative(double z) {
  double q = exp(-2 * fabs(z));
  return 4 * q / ((1 + q) * (1 + q));
}

static __device__ double logistic(double z) {
  double q = exp(-fabs(z));
  return (z >= 0 ? 1 : q) / (1 + q);
}

static __device__ double geluDerivative(double z) {
  double density = ONE_OVER_SQRT_TWO_PI * exp(-z * z / 2);
  return normalCdf(z) + (density == 0 ? 0 : z * density);
}

// y = f(x), and y = y f(x): two kernels for each UnaryFunction.
#define MAP(NAME, VALUE) \
  KERNEL map_##NAME(Matrix x, Matrix y) { \
    EACH(i, j, y.rows, y.cols) { \
      double z = x(i, j); \
      y(i, j) = (Real) (VALUE); \
    } \
  } \
  KERNEL multiply_##NAME(Matrix x, Matrix y) { \
    EACH(i, j, y.rows, y.cols) { \
      double z = x(i, j); \
      y(i, j) = (Real) ((VALUE) * (double) y(i, j)); \
    } \
  }

MAP(RELU, z > 0 || z != z ? z : 0)
MAP(STEP, z > 0 ? 1 : 0)
MAP(ERF, errorFunction(z))
MAP(ERF_DERIVATIVE, TWO_OVER_SQRT_PI * exp(-z * z))
MAP(TANH, tanh(z))
MAP(TANH_DERIVATIVE, tanhDerivative(z))
MAP(SOFTPLUS, (z > 0 || z != z ? z : 0) + log1p(exp(-fabs(z))))
MAP(LOGISTIC, logistic(z))
MAP(GELU, z == -INFINITE ? -0.0 : z * normalCdf(z))
MAP(GELU_DERIVATIVE, geluDerivative(z))
MAP(EXP, exp(z))
MAP(INVERSE_NORM, z <= 1e-24 ? 0 : 1 / sqrt(z))
MAP(SQRT, sqrt(z))
MAP(RECIPROCAL, 1 / z)
MAP(IDENTITY, z)
MAP(ONE, 1)

// ---- element by element

KERNEL copy(Matrix x, Matrix y) { EACH(i, j, y.rows, y.cols) y(i, j) = x(i, j); }

KERNEL convert(View<Other> x, Matrix y) { EACH(i, j, y.rows, y.cols) y(i, j) = (Real) x(i, j); }

KERNEL fill(double value, Matrix y) { EACH(i, j, y.rows, y.cols) y(i, j) = (Real) value; }

KERNEL shift(double value, Matrix y) { EACH(i, j, y.rows, y.cols) y(i, j) = (Real) (y(i, j) + value); }

KERNEL scale(double alpha, Matrix x, Matrix y) { EACH(i, j, y.rows, y.cols) y(i, j) = (Real) (alpha * x(i, j)); }

KERNEL add(double alpha, Matrix x, double beta, Matrix y) {
  EACH(i, j, y.rows, y.cols) y(i, j) = (Real) (alpha * x(i, j) + beta * y(i, j));
}

KERNEL multiply(Matrix x, Matrix y, Matrix z) { EACH(i, j, z.rows, z.cols) z(i, j) = x(i, j) * y(i, j); }

KERNEL addRow(double alpha, Matrix row, Matrix y) {
  EACH(i, j, y.rows, y.cols) y(i, j) = (Real) (y(i, j) + alpha * row(0, j));
}

KERNEL multiplyRepeated(Matrix g, Matrix b, Index repeat) {
  EACH(i, j, b.rows, b.cols) b(i, j) *= g(quotient(i, repeat), j);
}

KERNEL faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
  EACH(i, j, b.rows, b.cols) {
    Index sample = quotient(i, w.rows);
    b(i, j) = (Real) (alpha * g(sample, j) * w(i - sample * w.rows, j));
  }
}

KERNEL outerRows(double alpha, Matrix b, Matrix a, Index repeat, Matrix y) {
  EACH(i, j, y.rows, y.cols) {
    Index left = quotient(j, a.cols);
    y(i, j) = (Real) (alpha * b(i, left) * a(quotient(i, repeat), j - left * a.cols));
  }
}

KERNEL addHadamard(Matrix f, Matrix b, Index repeat, Matrix c) {
  EACH(i, j, c.rows, c.cols) c(i, j) += f(quotient(i, repeat), quotient(j, repeat)) * b(i, j);
}

KERNEL addKroneckerIdentity(Matrix f, Index repeat, Matrix c) {
  EACH(i, j, c.rows, f.cols) {
    Index row = quotient(i, repeat);
    c(i, j * repeat + (i - row * repeat)) += f(row, j);
  }
}

KERNEL shiftDiagonal(double value, Matrix y) {
  EACH(zero, i, 1, y.rows < y.cols ? y.rows : y.cols) y(i, i) = (Real) (y(i, i) + value);
}

KERNEL mirror(int fromLower, Matrix c) {
  EACH(i, j, c.rows, c.cols) if (j > i) {
    if (fromLower) c(i, j) = c(j, i); else c(j, i) = c(i, j);
  }
}

// One triangle of x and zeros in the other; y may be x.
KERNEL triangle(int upper, Matrix x, Matrix y) {
  EACH(i, j, y.rows, y.cols) y(i, j) = (upper ? j >= i : j <= i) ? x(i, j) : (Real) 0;
}

// -1 where the diagonal is negative, else 1.
KERNEL signs(Matrix x, Matrix row) { EACH(zero, i, 1, row.cols) row(0, i) = x(i, i) < 0 ? -1 : 1; }

// beta times one triangle, zeros if beta is 0; the other triangle stays.
KERNEL scaleTriangle(int lower, double beta, Matrix c) {
  EACH(i, j, c.rows, c.cols) if (lower ? j <= i : j >= i) c(i, j) = (Real) (beta == 0 ? 0 : beta * c(i, j));
}

// ---- the Gram of face-splitting products, over pairs (k, l) with k <= l in the order (0,0), (0,1), …, (1,1), …

static __device__ Index pairOf(Index k, Index l, Index outputs) {
  Index low = k < l ? k : l;
  return low * outputs - low * (low - 1) / 2 + (k < l ? l : k) - low;
}

// Rows p n to p n + n - 1 of s: g weighted by w_k w_l, where (k, l) is the pair first + p.
KERNEL weighPairs(Matrix g, Matrix w, Index first, Matrix s) {
  EACH(i, j, s.rows, s.cols) {
    Index pair = quotient(i, g.rows);
    Index k = 0;
    Index rest = first + pair;
    while (rest >= w.rows - k) rest -= w.rows - k++;
    s(i, j) = g(i - pair * g.rows, j) * (w(k, j) * w(k + rest, j));
  }
}

// c_(iK+k),(jK+l) += f_ij p_(pair n + i),j for the pairs first to last - 1.
KERNEL addPairs(Matrix f, Matrix p, Index outputs, Index first, Index last, Matrix c) {
  EACH(row, col, c.rows, c.cols) {
    Index i = quotient(row, outputs);
    Index j = quotient(col, outputs);
    Index pair = pairOf(row - i * outputs, col - j * outputs, outputs);
    if (pair >= first && pair < last) c(row, col) += f(i, j) * p((pair - first) * f.rows + i, j);
  }
}

// ---- reductions: a thread's elements in order, then the threads of a block in a fixed tree, in double precision

static __device__ double sumOf(double a, double b) { return a + b; }
static __device__ double maxOf(double a, double b) { return a > b || a != a ? a : b; }
static __device__ double minOf(double a, double b) { return a < b ? a : b; }

// Leaves the reduction of all threads in parts[0].
#define TREE(OPERATION, parts, me, threads) \
  __syncthreads(); \
  for (int half = (threads) / 2; half > 0; half /= 2) { \
    if (me < half) parts[me] = OPERATION(parts[me], parts[me + half]); \
    __syncthreads(); \
  }

#define REDUCTION(NAME, OPERATION, START, VALUE, COUNT, ...) \
  KERNEL NAME(__VA_ARGS__, Pointer<double> results) { \
    __shared__ double parts[THREADS]; \
    int me = threadIdx.x; \
    Index count = COUNT; \
    for (Index chunk = blockIdx.x; chunk * CHUNK < count; chunk += gridDim.x) { \
      Index end = (chunk + 1) * CHUNK < count ? (chunk + 1) * CHUNK : count; \
      double value = START; \
      for (Index n = chunk * CHUNK + me; n < end; n += THREADS) value = OPERATION(value, VALUE); \
      parts[me] = value; \
      TREE(OPERATION, parts, me, THREADS) \
      if (me == 0) results[chunk] = parts[0]; \
      __syncthreads(); \
    } \
  }

static __device__ double square(double x) { return x * x; }
static __device__ bool finite64(double x) { return x - x == 0; }

REDUCTION(sum, sumOf, 0, (double) element(x, n), x.rows * x.cols, Matrix x)
REDUCTION(dot, sumOf, 0, (double) element(x, n) * element(y, n), x.rows * x.cols, Matrix x, Matrix y)
REDUCTION(sumSquaredDifferences, sumOf, 0, square((double) element(x, n) - element(y, n)), x.rows * x.cols,
    Matrix x, Matrix y)
REDUCTION(maxAbs, maxOf, 0, fabs((double) element(x, n)), x.rows * x.cols, Matrix x)
REDUCTION(firstNonFinite, minOf, INFINITE, finite64(element(x, n)) ? INFINITE : (double) n, x.rows * x.cols, Matrix x)
REDUCTION(sumParts, sumOf, 0, values[n], count_, Pointer<double> values, Index count_)
REDUCTION(maxParts, maxOf, 0, values[n], count_, Pointer<double> values, Index count_)
REDUCTION(minParts, minOf, INFINITE, values[n], count_, Pointer<double> values, Index count_)

// Blocks of 32 x 8 threads: 32 of them take one row.
KERNEL rowDots(Matrix x, Matrix y, Matrix column) {
  __shared__ double parts[8][32];
  int me = threadIdx.x;
  for (Index base = blockIdx.x * 8LL; base < x.rows; base += gridDim.x * 8LL) {
    Index row = base + threadIdx.y;
    double value = 0;
    if (row < x.rows) for (Index j = me; j < x.cols; j += 32) value += (double) x(row, j) * y(row, j);
    parts[threadIdx.y][me] = value;
    TREE(sumOf, parts[threadIdx.y], me, 32)
    if (me == 0 && row < x.rows) column(row, 0) = (Real) parts[threadIdx.y][0];
    __syncthreads();
  }
}

// Blocks of 32 x 8 threads: sums of 32 columns over strips of STRIP rows, one row of sums a strip.
#define STRIP 512
KERNEL columnStrips(Matrix x, View<double> sums) {
  __shared__ double parts[32][8];
  Index across = (x.cols + 31) / 32;
  Index tiles = across * sums.rows;
  for (Index t = blockIdx.x; t < tiles; t += gridDim.x) {
    Index strip = quotient(t, across);
    Index col = (t - strip * across) * 32 + threadIdx.x;
    Index end = (strip + 1) * STRIP < x.rows ? (strip + 1) * STRIP : x.rows;
    double value = 0;
    if (col < x.cols) for (Index i = strip * STRIP + threadIdx.y; i < end; i += 8) value += x(i, col);
    parts[threadIdx.x][threadIdx.y] = value;
    int me = threadIdx.y;
    TREE(sumOf, parts[threadIdx.x], me, 8)
    if (me == 0 && col < x.cols) sums(strip, col) = parts[threadIdx.x][0];
    __syncthreads();
  }
}

KERNEL addStrips(double alpha, View<double> sums, double beta, Matrix row) {
  EACH(zero, j, 1, row.cols) {
    double total = 0;
    for (Index strip = 0; strip < sums.rows; strip++) total += sums(strip, j);
    row(0, j) = (Real) (alpha * total + (beta == 0 ? 0 : beta * row(0, j)));
  }
}

// One block a row: the row becomes its softmax, column the logarithm of what it was divided by.
KERNEL softmaxRows(Matrix x, Matrix column) {
  __shared__ double parts[THREADS];
  int me = threadIdx.x;
  for (Index row = blockIdx.x; row < x.rows; row += gridDim.x) {
    double largest = -INFINITE;
    for (Index j = me; j < x.cols; j += THREADS) largest = maxOf(largest, x(row, j));
    parts[me] = largest;
    TREE(maxOf, parts, me, THREADS)
    double shift = parts[0] == -INFINITE ? 0 : parts[0];
    __syncthreads();
    double total = 0;
    for (Index j = me; j < x.cols; j += THREADS) total += exp(x(row, j) - shift);
    parts[me] = total;
    TREE(sumOf, parts, me, THREADS)
    total = parts[0];
    __syncthreads();
    for (Index j = me; j < x.cols; j += THREADS) x(row, j) = (Real) (total == 0 ? 0 : exp(x(row, j) - shift) / total);
    if (me == 0) column(row, 0) = (Real) (shift + log(total));
  }
}

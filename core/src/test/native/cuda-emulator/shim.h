// Put in front of CUDA C, so that a host compiler takes it: checked pointers, and a block's threads as fibres that
// switch at barriers.
#pragma once
#include "shim-binding.h"
#include <cmath>
#include <csetjmp>
#include <cstring>
#include <exception>
#include <memory>
#include <tuple>
#include <ucontext.h>
#include <vector>

#define __global__
#define __device__
#define __constant__
#define __shared__ static

struct Dim { unsigned x, y; };
static Dim threadIdx, blockIdx, blockDim, gridDim;

static double __longlong_as_double(long long bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// An address on the device that knows the block it lies in.
template <typename T> struct Pointer {
  char* at = nullptr;
  char* first = nullptr;
  char* end = nullptr;
  T& operator[](long long n) const {
    char* element = at + n * (long long) sizeof(T);
    if (element < first || element + sizeof(T) > end) throw Fault("a kernel reaches outside its operand's block");
    return *(T*) element;
  }
};

template <typename T> struct View;

static Range (*findRange)(Address);

// An argument as the launch gives it, and as the kernel gets it when it runs.
template <typename A> struct Argument {
  A value;
  explicit Argument(void* from) { memcpy(&value, from, sizeof value); }
  A get() const { return value; }
};

template <typename T> struct Argument<Pointer<T>> {
  Address address;
  explicit Argument(void* from) { memcpy(&address, from, sizeof address); }
  Pointer<T> get() const {
    Range range = findRange(address);
    return {range.host + (address - range.first), range.host, range.host + (range.end - range.first)};
  }
};

template <typename T> struct Argument<View<T>> {
  Argument<Pointer<T>> start;
  long long sizes[3];
  explicit Argument(void* from) : start(from) { memcpy(sizes, (char*) from + sizeof(Address), sizeof sizes); }
  View<T> get() const {
    bool empty = sizes[0] == 0 || sizes[1] == 0; // then it may stand at the end of its block
    return {empty ? Pointer<T>() : start.get(), sizes[0], sizes[1], sizes[2]};
  }
};

struct Fibre {
  ucontext_t context;
  jmp_buf resume;
  std::vector<char> stack = std::vector<char>(64 << 10);
  Dim thread;
  bool started = false, waiting = false, done = false;
};

static std::vector<std::unique_ptr<Fibre>> fibres;
static Fibre* running;
static jmp_buf scheduler;
static ucontext_t first;
static std::function<void()>* body;
static std::exception_ptr failure;

static void __syncthreads() {
  if (!running) throw Fault("__syncthreads in a kernel without shared memory of its own");
  running->waiting = true;
  if (_setjmp(running->resume) == 0) _longjmp(scheduler, 1);
}

static void fibreMain() {
  try {
    (*body)();
  } catch (...) {
    failure = std::current_exception();
  }
  running->done = true;
  _longjmp(scheduler, 1);
}

static void advance(Fibre& fibre) {
  running = &fibre;
  threadIdx = fibre.thread;
  fibre.waiting = false;
  if (_setjmp(scheduler) == 0) {
    if (fibre.started) _longjmp(fibre.resume, 1);
    fibre.started = true;
    getcontext(&fibre.context);
    fibre.context.uc_stack.ss_sp = fibre.stack.data();
    fibre.context.uc_stack.ss_size = fibre.stack.size();
    fibre.context.uc_link = nullptr;
    makecontext(&fibre.context, fibreMain, 0);
    setcontext(&fibre.context);
  }
  running = nullptr;
}

static void runBlockTogether(std::function<void()>& kernel) {
  body = &kernel;
  failure = nullptr;
  size_t threads = (size_t) blockDim.x * blockDim.y;
  while (fibres.size() < threads) fibres.push_back(std::make_unique<Fibre>());
  for (size_t t = 0; t < threads; t++) {
    fibres[t]->started = fibres[t]->done = false;
    fibres[t]->thread = {(unsigned) (t % blockDim.x), (unsigned) (t / blockDim.x)};
  }
  size_t waiting = threads;
  while (waiting > 0 && !failure) {
    waiting = 0;
    for (size_t t = 0; t < threads && !failure; t++) {
      if (!fibres[t]->done) advance(*fibres[t]);
      waiting += fibres[t]->waiting;
    }
    if (waiting > 0 && waiting < threads && !failure) throw Fault("not all threads of a block reach a barrier");
  }
  if (failure) std::rethrow_exception(failure);
}

static void runBlockApart(std::function<void()>& kernel) {
  for (threadIdx.y = 0; threadIdx.y < blockDim.y; threadIdx.y++)
    for (threadIdx.x = 0; threadIdx.x < blockDim.x; threadIdx.x++) kernel();
}

static void runGrid(Geometry g, bool together, std::function<void()> kernel) {
  gridDim = {g.gridX, g.gridY};
  blockDim = {g.blockX, g.blockY};
  for (unsigned y = 0; y < g.gridY; y++)
    for (unsigned x = 0; x < g.gridX; x++) {
      blockIdx = {x, y};
      if (together) runBlockTogether(kernel); else runBlockApart(kernel);
    }
}

template <typename... A> static std::function<void()> bindKernel(
    void (*kernel)(A...), bool together, void** parameters, Geometry geometry, Range (*ranges)(Address)) {
  findRange = ranges;
  int next = 0;
  std::tuple<Argument<A>...> arguments{Argument<A>(parameters[next++])...};
  return [=] {
    std::apply([&](const Argument<A>&... argument) {
      std::tuple<A...> values{argument.get()...};
      runGrid(geometry, together, [&] { std::apply(kernel, values); });
    }, arguments);
  };
}

#define ENTRY(NAME, TOGETHER) \
  EXPORT std::function<void()> bind_##NAME(void** parameters, Geometry geometry, Range (*ranges)(Address)) { \
    return bindKernel(&NAME, TOGETHER, parameters, geometry, ranges); \
  }

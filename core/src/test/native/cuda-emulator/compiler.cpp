// NVRTC and modules: our own CUDA C source, compiled for the host behind shim.h.
#include "emulator.h"
#include "shim-binding.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <unistd.h>

struct Program { std::string source, image, log; };

static std::map<Address, void*> modules;
static Address nextModule = 0x900000;
typedef std::lock_guard<std::recursive_mutex> Lock;

static std::string folder() {
  Dl_info info;
  dladdr((void*) &folder, &info);
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/'));
}

// Gives every kernel an entry point that takes what cuLaunchKernel is given; a kernel with shared memory in its body is
// one whose threads work together.
static std::string withEntryPoints(const std::string& source) {
  std::string result = source + "\n";
  static const std::regex kernel("\\nKERNEL (\\w+)\\(");
  static const std::regex generated("\\n(MAP|REDUCTION)\\((\\w+),");
  for (std::sregex_iterator k(source.begin(), source.end(), kernel), end; k != end; ++k) {
    size_t start = k->position() + 1;
    std::string body = source.substr(start, source.find("\nKERNEL ", start) - start);
    result += "ENTRY(" + (*k)[1].str() + ", " + (body.find("__shared__") != std::string::npos ? "true" : "false")
        + ")\n";
  }
  for (std::sregex_iterator k(source.begin(), source.end(), generated), end; k != end; ++k) {
    bool map = (*k)[1] == "MAP";
    std::string name = (*k)[2].str();
    result += map ? "ENTRY(map_" + name + ", false)\nENTRY(multiply_" + name + ", false)\n"
        : "ENTRY(" + name + ", true)\n";
  }
  return result;
}

static std::string read(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

EXPORT int nvrtcVersion(int* major, int* minor) {
  *major = (int) setting("EMULATED_LIBRARIES", 13);
  *minor = 99; // no kernels of a real compiler are found under its name
  return 0;
}

EXPORT const char* nvrtcGetErrorString(int status) {
  return status == 6 ? "NVRTC_ERROR_COMPILATION" : status == 5 ? "NVRTC_ERROR_INVALID_OPTION" : "NVRTC_ERROR";
}

EXPORT int nvrtcGetNumSupportedArchs(int* count) { *count = 3; return 0; }

EXPORT int nvrtcGetSupportedArchs(int* archs) { archs[0] = 75; archs[1] = 90; archs[2] = 100; return 0; }

EXPORT int nvrtcCreateProgram(Program** program, const char* source, const char*, int, void*, void*) {
  Lock lock(world);
  *program = new Program{source, "", ""};
  live++;
  return 0;
}

EXPORT int nvrtcDestroyProgram(Program** program) {
  Lock lock(world);
  delete *program;
  live--;
  return 0;
}

EXPORT int nvrtcCompileProgram(Program* program, int count, const char** options) {
  Lock lock(world);
  std::string flags;
  for (int i = 0; i < count; i++) {
    std::string option = options[i];
    if (option.rfind("--define-macro=", 0) == 0) flags += " -D" + option.substr(15);
    else if (option.rfind("--gpu-architecture=", 0) != 0 && option != "--fmad=false") return 5;
  }
  std::string text = withEntryPoints(program->source);
  std::string shim = folder() + "/shim.h";
  std::string name = folder() + "/kernels-" + std::to_string(std::hash<std::string>()(text + flags + read(shim)));
  std::string library = name + ".so";
  if (access(library.c_str(), R_OK) != 0) {
    std::string part = name + "-" + std::to_string(getpid());
    std::ofstream(part + ".cpp") << text;
    std::string command = std::string(CXX) + " -std=c++17 -O2 -ffp-contract=off -fPIC -shared -w -DEMULATED" + flags
        + " -include '" + shim + "' -o '" + part + ".so' '" + part + ".cpp' 2> '" + part + ".log'";
    int failed = system(command.c_str());
    program->log = read(part + ".log");
    if (failed) return 6;
    rename((part + ".so").c_str(), library.c_str());
  }
  program->image = "EMULATED " + library + "\n";
  return 0;
}

EXPORT int nvrtcGetProgramLogSize(Program* p, size_t* bytes) { *bytes = p->log.size() + 1; return 0; }
EXPORT int nvrtcGetProgramLog(Program* p, char* log) { strcpy(log, p->log.c_str()); return 0; }
EXPORT int nvrtcGetCUBINSize(Program* p, size_t* bytes) { *bytes = p->image.size() + 1; return 0; }
EXPORT int nvrtcGetCUBIN(Program* p, char* image) { strcpy(image, p->image.c_str()); return 0; }
EXPORT int nvrtcGetPTXSize(Program* p, size_t* bytes) { return nvrtcGetCUBINSize(p, bytes); }
EXPORT int nvrtcGetPTX(Program* p, char* image) { return nvrtcGetCUBIN(p, image); }

EXPORT int cuModuleLoadData(Address* module, const char* image) {
  Lock lock(world);
  int refusal = (int) setting("EMULATED_MODULE", 0);
  if (refusal) return refusal;
  if (strncmp(image, "EMULATED ", 9) != 0) return 200;
  std::string path(image + 9, strcspn(image + 9, "\n"));
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "emulated device: %s\n", dlerror());
    return 200;
  }
  *module = nextModule++;
  modules[*module] = library;
  live++;
  return 0;
}

EXPORT int cuModuleUnload(Address module) {
  Lock lock(world);
  if (!modules.erase(module)) return 400; // the library stays open: work may be under way
  live--;
  return 0;
}

EXPORT int cuModuleGetFunction(void** function, Address module, const char* name) {
  Lock lock(world);
  auto found = modules.find(module);
  if (found == modules.end()) return 400;
  *function = dlsym(found->second, (std::string("bind_") + name).c_str());
  return *function ? 0 : 500;
}

EXPORT int cuLaunchKernel(Bind bind, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned shared, Address stream, void** parameters, void** extra) {
  Lock lock(world);
  if (gx == 0 || gy == 0 || gy > 65535 || gz != 1 || bx * by == 0 || bx * by > 1024 || bz != 1 || shared || extra)
    return 1;
  try {
    enqueue(stream, bind(parameters, {gx, gy, bx, by}, rangeOf));
  } catch (const Fault&) {
    return 400;
  }
  return 0;
}

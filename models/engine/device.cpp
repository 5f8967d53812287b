#include "models/engine/device.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>
#include <stdlib.h>
#include <torch/version.h>

#include <charconv>
#include <limits>
#include <mutex>

#include "io/errors.hpp"

namespace cytocape {
namespace detail {
namespace {

/// Index of "cuda" or "cuda:N"; -1 for any other text.
int cuda_index(const std::string& name) {
  if (name == "cuda") return 0;
  constexpr std::string_view prefix = "cuda:";
  if (!name.starts_with(prefix)) return -1;
  int index = -1;
  const auto* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, index);
  return error == std::errc() && stop == end ? index : -1;
}

bool multiplies_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

torch::Device parse_device(const std::string& name) {
  const auto present =
      torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  if (name == "cpu" || (name == "auto" && present == 0)) return torch::kCPU;
  const int index = name == "auto" ? 0 : cuda_index(name);
  if (index < 0) {
    throw ConfigError(fmt::format("device \"{}\": use auto, cpu, cuda or cuda:N", name));
  }
  if (index >= present) {
    throw ConfigError(
        fmt::format("device \"{}\": this program sees {} CUDA devices; see "
                    "`cytocape doctor`, or use cpu",
                    name, present));
  }
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

torch::ScalarType choose_dtype(const torch::Device& device, Precision precision) {
  switch (precision) {
    case Precision::float32:
      return torch::kFloat32;
    case Precision::bfloat16:
      if (device.is_cpu() && !cpu_computes_bfloat16()) {
        throw ConfigError(
            "precision bfloat16: LibTorch needs AVX-512 (bw, vl, dq) for it, which this processor "
            "lacks; use float32 or auto");
      }
      return torch::kBFloat16;
    case Precision::half:
      if (device.is_cpu()) {
        throw ConfigError("precision half is for CUDA devices; use bfloat16 or float32 on the cpu");
      }
      return torch::kFloat16;
    case Precision::automatic:
      break;
  }
  // Half has three more bits than bfloat16 and costs the same there; folded networks stay within
  // its range, and a logit that does not is reported.
  if (device.is_cuda()) return torch::kFloat16;
  return multiplies_bfloat16() ? torch::kBFloat16 : torch::kFloat32;
}

void compute_deterministically() {
  // cuBLAS reads it when its first handle is made.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
}

void use_one_thread() {
  thread_local const bool done = [] {
    at::set_num_threads(1);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace detail

void configure_inference_threads() {
  static std::once_flag once;
  std::call_once(once, [] {
    // For libraries that start OpenMP later; libgomp itself has read it when it was loaded, so
    // that what keeps its workers from spinning is that one thread starts none.
    ::setenv("OMP_WAIT_POLICY", "passive", 0);
    detail::use_one_thread();
    at::set_num_interop_threads(1);
    // Feature maps are tens of megabytes: fetched from the system afresh for each layer, clearing
    // their pages costs as much as the cheaper convolutions, a fifth of a training. A threshold
    // would not do: 32 MiB is the largest that glibc takes.
    ::mallopt(M_MMAP_MAX, 0);
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  });
}

std::vector<DeviceInfo> list_devices() {
  const auto dtype = detail::choose_dtype(torch::kCPU, Precision::automatic);
  std::vector<DeviceInfo> devices{
      {"cpu", dtype == torch::kBFloat16
                  ? "bfloat16 in hardware, for models whose weights are kept in 16 bits"
                  : "float32"}};
  const int count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  for (int i = 0; i < count; ++i) {
    devices.push_back({fmt::format("cuda:{}", i), detail::cuda_device_name(i)});
  }
  return devices;
}

bool cpu_computes_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0;
#else
  return false;
#endif
}

std::string torch_version() {
  return TORCH_VERSION;
}

}  // namespace cytocape

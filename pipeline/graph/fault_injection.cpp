#include "pipeline/graph/fault_injection.hpp"

#include <utility>

namespace cytocape {
namespace {
FaultHook& the_hook() {
  static FaultHook hook;
  return hook;
}
}  // namespace

void set_fault_hook(FaultHook hook) {
  the_hook() = std::move(hook);
}

void inject_fault(const std::string& slide_id, std::uint64_t block) {
  if (const auto& hook = the_hook()) hook(slide_id, block);
}

}  // namespace cytocape

#pragma once

/// For tests alone: makes a block throw something that no stage expects.

#include <cstdint>
#include <functional>
#include <string>

namespace cytocape {

/// Called for each block that is located; null (the default) does nothing. Set before a run.
using FaultHook = std::function<void(const std::string& slide_id, std::uint64_t block)>;
void set_fault_hook(FaultHook hook);

void inject_fault(const std::string& slide_id, std::uint64_t block);

}  // namespace cytocape

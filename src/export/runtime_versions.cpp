#include "export/runtime_versions.h"

#include <algorithm>

namespace toucanet {
namespace {
struct RuntimeVersion {
  std::string_view op;
  int version;
  std::string_view release;
};
constexpr RuntimeVersion runtime_versions[] = {
#include "export/runtime_versions.inc"
};
}  // namespace

std::string_view first_release(std::string_view builtin, int version) {
  for (const auto& r : runtime_versions)
    if (r.op == builtin && r.version == version) return r.release;
  return {};
}

int latest_version(std::string_view builtin) {
  int latest = 0;
  for (const auto& r : runtime_versions)
    if (r.op == builtin) latest = std::max(latest, r.version);
  return latest;
}

}  // namespace toucanet

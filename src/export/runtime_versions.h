#pragma once
#include <string_view>

namespace toucanet {

/// The first release whose runtime takes this version of a builtin, "2.10.0"; empty if it is not known.
std::string_view first_release(std::string_view builtin, int version);
/// The highest version of a builtin that is known; 0: none is.
int latest_version(std::string_view builtin);

}  // namespace toucanet

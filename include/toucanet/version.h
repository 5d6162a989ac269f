#pragma once
namespace toucanet {
inline constexpr const char* version = "0.1.0";
}

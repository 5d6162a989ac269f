#pragma once
// Observations as a .calib file; doc/calibration.md tells the format.
#include "ir/graph.h"
#include "quantize/observations.h"

namespace toucanet {

/// Whole or not at all (TN5004).
Status write_calibration(const std::string& path, const Observations&);
/// The samples' extremes stay in the mapped file. TN1001, TN7005: no such file, cut short, damaged or of a later version.
Expected<Observations> read_calibration(const std::string& path);
/// The same of bytes that `owner` keeps alive.
Expected<Observations> parse_calibration(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& what);
/// TN7006 where they were not made with this model.
Status check_model(const Observations&, const Module&);

}  // namespace toucanet

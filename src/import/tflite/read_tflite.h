#pragma once
#include <memory>
#include <string_view>

#include "ir/graph.h"

namespace toucanet {

/// A tensor as the file lists it.
struct TfliteTensor {
  std::string name;
  DType dtype = DType::F32;
  std::vector<int64_t> shape;            ///< as stored: what an unknown dimension starts with
  std::vector<int64_t> shape_signature;  ///< -1: unknown; empty: none stored
  std::shared_ptr<const Quant> quant;
  bool variable = false;
  Value value;  ///< absent: nobody computes it
};
/// The tables of tensors of a file's subgraphs, inputs and outputs by index.
struct TfliteTensors {
  struct Subgraph {
    std::vector<TfliteTensor> tensors;
    std::vector<uint32_t> inputs, outputs;
  };
  std::vector<Subgraph> subgraphs;
};

/// Reads a .tflite file (schema version 3). Everything is checked before use; constants stay in `owner`'s memory.
/// TN1101 damaged, TN1102 operators unknown here (all at once), TN1103 inconsistent.
Expected<Module> read_tflite(std::shared_ptr<const void> owner, std::string_view bytes, TfliteTensors* tensors = nullptr);
Expected<Module> read_tflite_file(const std::string& path);
bool is_tflite(std::string_view bytes);

}  // namespace toucanet

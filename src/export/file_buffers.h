#pragma once
// The data of a .tflite file: each buffer's vector lies behind the flatbuffer, streamed from where the tensor has it; its offset is
// filled in once the flatbuffer is finished. So does the buffer's table, where aligning the data leaves room for it: not of the
// first, which has the vtable of all.
#include <unordered_map>

#include "export/write_tflite.h"
#include "tflite_generated.h"

namespace toucanet {

class FileBuffers {
  std::vector<Tensor> buffers_;  // buffer 0 is the empty one and not among them
  std::unordered_multimap<uint64_t, uint32_t> by_content_;
  std::unordered_map<const Tensor*, uint32_t> by_address_;
  std::vector<bool> in_gap_;  // the table lies in front of the data
  std::vector<size_t> at_;    // of the data in the file
  size_t first_ = 0, vtable_ = 0;

 public:
  /// The number of the buffer that holds these bytes.
  uint32_t of(const std::shared_ptr<const Tensor>&);
  /// Of a buffer of its own.
  uint32_t add(Tensor);
  std::vector<flatbuffers::Offset<fb::Buffer>> tables(flatbuffers::FlatBufferBuilder&);
  /// Lays the data out behind a flatbuffer of so many bytes. Returns the file's size.
  size_t place(size_t flatbuffer);
  void fill_in_offsets(uint8_t* flatbuffer);
  /// All that lies behind it, in order; false as soon as the sink gives it.
  bool stream(size_t flatbuffer, const ByteSink&) const;
};

}  // namespace toucanet

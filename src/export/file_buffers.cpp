#include "export/file_buffers.h"

#include <cstring>

namespace toucanet {

// From here to where data may lie.
static constexpr size_t to_alignment(size_t at) { return (0 - at) % 16; }

uint32_t FileBuffers::of(const std::shared_ptr<const Tensor>& t) {
  if (const auto it = by_address_.find(t.get()); it != by_address_.end()) return it->second;
  uint64_t h = t->content_hash();
  uint32_t index = 0;
  auto [from, to] = by_content_.equal_range(h);
  for (; from != to; ++from)
    if (buffers_[from->second - 1].bytes() == t->bytes() && std::memcmp(buffers_[from->second - 1].raw(), t->raw(), t->bytes()) == 0) index = from->second;
  if (!index) by_content_.emplace(h, index = add(*t));
  return by_address_[t.get()] = index;
}

uint32_t FileBuffers::add(Tensor t) {
  buffers_.push_back(std::move(t));
  return static_cast<uint32_t>(buffers_.size());
}

std::vector<flatbuffers::Offset<fb::Buffer>> FileBuffers::tables(flatbuffers::FlatBufferBuilder& b) {
  const auto placeholder = b.CreateVector(std::vector<uint8_t>{});
  std::vector<flatbuffers::Offset<fb::Buffer>> all{fb::CreateBuffer(b)};
  const Tensor* last = nullptr;
  for (size_t i = 0; i < buffers_.size(); ++i) {
    const Tensor& t = buffers_[i];
    in_gap_.push_back(t.bytes() && last && to_alignment(last->bytes() + 4) >= 8);
    all.push_back(in_gap_.back() || !t.bytes() ? all[0] : fb::CreateBuffer(b, placeholder));
    if (t.bytes() && !last) first_ = i;
    if (t.bytes()) last = &t;
  }
  return all;
}

size_t FileBuffers::place(size_t end) {
  at_.resize(buffers_.size());
  for (size_t i = 0; i < buffers_.size(); ++i) {
    if (!buffers_[i].bytes()) continue;
    at_[i] = end + 4 + to_alignment(end + 4);
    end = at_[i] + buffers_[i].bytes();
  }
  return end;
}

void FileBuffers::fill_in_offsets(uint8_t* base) {
  auto* entries = const_cast<uint8_t*>(flatbuffers::GetRoot<fb::Model>(base)->buffers()->Data()) + 4;  // behind that of the empty buffer
  const auto offset = [](size_t from, size_t to) { return static_cast<flatbuffers::uoffset_t>(to - from); };
  for (size_t i = 0; i < buffers_.size(); ++i) {
    uint8_t* entry = entries + 4 * i;
    const auto entry_at = static_cast<size_t>(entry - base);
    if (in_gap_[i]) {
      flatbuffers::WriteScalar(entry, offset(entry_at, at_[i] - 12));
    } else if (buffers_[i].bytes()) {
      const size_t table = entry_at + flatbuffers::ReadScalar<flatbuffers::uoffset_t>(entry);
      if (i == first_) vtable_ = table - static_cast<size_t>(flatbuffers::ReadScalar<flatbuffers::soffset_t>(base + table));
      const auto* field = reinterpret_cast<const flatbuffers::Table*>(base + table)->GetAddressOf(fb::Buffer::VT_DATA);
      flatbuffers::WriteScalar(const_cast<uint8_t*>(field), offset(static_cast<size_t>(field - base), at_[i] - 4));
    }
  }
}

bool FileBuffers::stream(size_t pos, const ByteSink& sink) const {
  for (size_t i = 0; i < buffers_.size(); ++i) {
    const Tensor& t = buffers_[i];
    if (!t.bytes()) continue;
    uint8_t gap[32] = {};
    const size_t before = at_[i] - pos;
    if (in_gap_[i]) {
      flatbuffers::WriteScalar(gap + before - 12, static_cast<flatbuffers::soffset_t>(at_[i] - 12 - vtable_));
      flatbuffers::WriteScalar(gap + before - 8, flatbuffers::uoffset_t{4});
    }
    flatbuffers::WriteScalar(gap + before - 4, static_cast<uint32_t>(t.bytes()));
    if (!sink(gap, before) || !t.stream(sink)) return false;
    pos = at_[i] + t.bytes();
  }
  return true;
}

}  // namespace toucanet

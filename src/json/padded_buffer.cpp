#include "json/padded_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace engagement::json {

void PaddedBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(reserve_room(bytes.size()), bytes.data(), bytes.size());
  size_ += bytes.size();
}

char* PaddedBuffer::reserve_room(std::size_t room) {
  if (capacity_ - size_ < room || data_ == nullptr) {
    const std::size_t wanted = std::max({size_ + room, capacity_ + capacity_ / 2, std::size_t{64 * 1024}});
    void* grown = std::realloc(data_, wanted + kPadding);
    if (grown == nullptr) throw std::bad_alloc();
    data_ = static_cast<char*>(grown);
    capacity_ = wanted;
  }
  return data_ + size_;
}

void PaddedBuffer::pad() {
  reserve_room(0);
  std::memset(data_ + size_, ' ', kPadding);
}

}  // namespace engagement::json

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string_view>
#include <utility>

namespace engagement::json {

// A growable byte buffer whose content is always followed by kPadding readable bytes, as simdjson needs them.
// Not zero-filled: memory that is never written is never touched, so capacity costs address space only.
// Move only; clear() keeps the memory for the next page. Throws std::bad_alloc.
class PaddedBuffer {
 public:
  static constexpr std::size_t kPadding = 64;

  PaddedBuffer() = default;
  PaddedBuffer(PaddedBuffer&& other) noexcept { swap(other); }
  PaddedBuffer& operator=(PaddedBuffer&& other) noexcept {
    swap(other);
    return *this;
  }
  PaddedBuffer(const PaddedBuffer&) = delete;
  PaddedBuffer& operator=(const PaddedBuffer&) = delete;
  ~PaddedBuffer() { std::free(data_); }

  char* data() { return data_; }
  const char* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  std::string_view view() const { return {data_, size_}; }

  void clear() { size_ = 0; }
  void append(std::string_view bytes);
  // At least `room` writable bytes behind the content; say with grow_by() how many were written.
  char* reserve_room(std::size_t room);
  void grow_by(std::size_t written) { size_ += written; }
  void resize_down(std::size_t size) { size_ = size; }
  // Fills the padding with blanks. Call once the content is complete, before parsing.
  void pad();

 private:
  void swap(PaddedBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // without the padding
};

}  // namespace engagement::json

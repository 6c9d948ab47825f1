#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace engagement::simulator {

// The records of one page as text, rendered when first asked for, and their compressed form likewise. Immutable to
// its readers and thread safe; whoever holds it may serve from it while the cache forgets it.
class Blob {
 public:
  explicit Blob(std::function<std::string()> render) : render_(std::move(render)) {}

  const std::string& plain() const;
  // deflate_open() of plain().
  const std::string& deflated() const;
  // continue_crc32(before, plain()); the last answer is kept, as what stands before a blob hardly ever differs.
  std::uint32_t crc32_after(std::uint32_t before) const;

 private:
  std::function<std::string()> render_;
  mutable std::atomic<std::uint64_t> last_crc_{0};  // before in the high half, the answer in the low; 0: none yet
  mutable std::once_flag rendered_, compressed_;
  mutable std::string plain_, deflated_;
};

// The blobs used last, up to a number of bytes. Thread safe; a blob is rendered once however many ask at a time.
class BlobCache {
 public:
  explicit BlobCache(std::size_t capacity) : capacity_(capacity) {}

  // `deflated` asks for the compressed form to be there too.
  std::shared_ptr<const Blob> get(const std::string& key, bool deflated, const std::function<std::string()>& render);

 private:
  struct Entry {
    std::shared_ptr<const Blob> blob;
    std::size_t counted = 0;
    std::list<std::string>::iterator age;
  };
  void account(const std::string& key, std::size_t bytes);

  const std::size_t capacity_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<std::string> ages_;  // the most recently used first
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace engagement::simulator

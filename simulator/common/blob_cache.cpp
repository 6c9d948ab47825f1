#include "simulator/common/blob_cache.hpp"

#include "simulator/common/gzip.hpp"

namespace engagement::simulator {

const std::string& Blob::plain() const {
  std::call_once(rendered_, [this] {
    plain_ = render_();
    plain_.shrink_to_fit();
  });
  return plain_;
}

const std::string& Blob::deflated() const {
  std::call_once(compressed_, [this] { deflated_ = deflate_open(plain()); });
  return deflated_;
}

std::uint32_t Blob::crc32_after(std::uint32_t before) const {
  const std::uint64_t known = last_crc_.load();
  if (known != 0 && known >> 32U == before) return static_cast<std::uint32_t>(known);
  const std::uint32_t crc = continue_crc32(before, plain());
  last_crc_.store(std::uint64_t{before} << 32U | crc);
  return crc;
}

std::shared_ptr<const Blob> BlobCache::get(const std::string& key, bool deflated,
                                           const std::function<std::string()>& render) {
  std::shared_ptr<const Blob> blob;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
      ages_.splice(ages_.begin(), ages_, found->second.age);
      blob = found->second.blob;
    } else {
      blob = std::make_shared<const Blob>(render);
      ages_.push_front(key);
      entries_.emplace(key, Entry{blob, 0, ages_.begin()});
    }
  }
  // Rendering happens outside the lock: other pages are served meanwhile.
  std::size_t bytes = blob->plain().size();
  if (deflated) bytes += blob->deflated().size();
  account(key, bytes);
  return blob;
}

void BlobCache::account(const std::string& key, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && bytes > found->second.counted) {
    bytes_ += bytes - found->second.counted;
    found->second.counted = bytes;
  }
  while (bytes_ > capacity_ && ages_.size() > 1) {
    const auto oldest = entries_.find(ages_.back());
    bytes_ -= oldest->second.counted;
    entries_.erase(oldest);
    ages_.pop_back();
  }
}

}  // namespace engagement::simulator

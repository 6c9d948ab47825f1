#pragma once

#include <memory>
#include <string_view>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// A row of the source's table: a stream that is one type of the v1 bootstrap resources.
struct BootstrapRow {
  std::string_view name;
  std::string_view type;
  std::string_view permission;
  bool one_object = false;  // not a list: the whole answer is one record
};

// A row of the source's table: a stream that one address lists.
struct ListRow {
  std::string_view name;
  std::string_view path;
  std::string_view records;  // where they stand in the answer
  std::string_view primary_key;
  std::string_view permission;
  bool scim = false;  // pages of SCIM, with the time of change in meta.lastModified
};

engine::StreamDescription describe(const BootstrapRow& row);
engine::StreamDescription describe(const ListRow& row);
std::unique_ptr<engine::Stream> make_bootstrap_stream(const BootstrapRow& row, const Config& config,
                                                      std::shared_ptr<Account> account);
std::unique_ptr<engine::Stream> make_listed_stream(const ListRow& row, const Config& config,
                                                   std::shared_ptr<Account> account);

}  // namespace engagement::sprinklr

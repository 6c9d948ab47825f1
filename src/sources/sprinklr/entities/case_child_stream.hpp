#pragma once

#include <memory>
#include <string_view>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

enum class CaseChild { comments, messages, audit_entries };

// A row of the source's table: a stream of what belongs to cases. It reads the cases that were modified in the period,
// and of each of them everything.
struct CaseChildRow {
  std::string_view name;
  CaseChild child;
  std::string_view primary_key;
  std::string_view permission;
};

engine::StreamDescription describe(const CaseChildRow& row);
std::unique_ptr<engine::Stream> make_case_child_stream(const CaseChildRow& row, const Config& config,
                                                       const std::shared_ptr<Account>& account);

}  // namespace engagement::sprinklr

#include "simulator/kustomer/organisation.hpp"

#include <algorithm>
#include <charconv>

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"
#include "simulator/kustomer/ordered.hpp"

namespace engagement::simulator::kustomer {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;

enum : std::uint64_t {
  kRowAgeSalt = 0xA6E,
  kRowReferenceSalt,
  kRowModifiedSalt,
  kRowStatusSalt,
  kRowLiveSalt,
  kRowKlassSalt
};

constexpr std::uint64_t kIdFactor = 0x9E3779B97F4A7C15U;  // odd, so it has an inverse modulo 2^64

constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t result = odd;
  for (int step = 0; step < 6; ++step) result *= 2 - odd * result;  // Newton
  return result;
}

std::uint64_t id_salt(Kind kind) { return mix(0x1D, static_cast<std::uint64_t>(kind)); }

std::uint64_t rows_of(const KindInfo& kind, const Options& options) {
  if (const auto chosen = options.counts.find(kind.kind); chosen != options.counts.end()) return chosen->second;
  if (kind.per_mille == 0) return kind.rows;
  return std::max(kind.rows, options.records * kind.per_mille / 1'000);
}

// How old a row was when it was updated last: most of them less than three days, some nearly a year.
milliseconds age_when_updated(Kind kind, std::uint64_t key) {
  if (kind == Kind::kAuditLog) return {};  // written once
  Draw draw(mix(key, kRowAgeSalt));
  if (kind == Kind::kConversationTime || kind == Kind::kWorkItem || kind == Kind::kWorkSession) {
    return milliseconds(1'000 + draw.below(8 * 3'600'000));
  }
  const std::uint64_t limit = draw.below(10) < 6 ? 3 : 330;
  return milliseconds(draw.below(limit * 86'400'000));
}

}  // namespace

Organisation::Organisation(const Options& options, const Clock& clock)
    : options_(options), clock_(clock), fixed_now_(options.fixed_now) {
  for (const KindInfo& entry : kinds()) {
    Timeline::Shape shape;
    shape.seed = mix(options_.seed, hash_of(entry.type));
    shape.rows = rows_of(entry, options_);
    shape.first = entry.kind == Kind::kAuditLog ? options_.last - days(360) : options_.first;
    shape.last = options_.last;
    shape.one_deleted_in = entry.one_deleted_in;
    if (const auto tie = options_.ties.find(entry.kind); tie != options_.ties.end()) {
      shape.tied_rows = tie->second.rows;
      shape.tied_at = options_.last - days(static_cast<int>(tie->second.days_ago));
    }
    tables_.push_back(
        std::make_unique<Table>(shape, [this, kind = entry.kind](std::uint64_t number, SystemTime updated) {
          return updated - age_when_updated(kind, key(kind, number));
        }));
  }
}

std::uint64_t Organisation::key(Kind kind, std::uint64_t number) const {
  return mix(mix(options_.seed, static_cast<std::uint64_t>(kind)), number);
}

SystemTime Organisation::now() const {
  const std::lock_guard lock(mutex_);
  return fixed_now_.value_or(clock_.now());
}

void Organisation::set_now(SystemTime now) {
  const std::lock_guard lock(mutex_);
  fixed_now_ = now;
}

SystemTime Organisation::horizon() const {
  const SystemTime present = std::chrono::floor<std::chrono::minutes>(now());
  const auto day = std::chrono::floor<days>(present);
  std::chrono::year_month_day then = std::chrono::year_month_day(day) - std::chrono::years(2);
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return std::chrono::sys_days(then) + (present - day);
}

SystemTime Organisation::tick() {
  const SystemTime present = now();
  const std::lock_guard lock(mutex_);
  ++changes_;
  return last_change_ = std::max(present, last_change_ + milliseconds(1));
}

bool Organisation::update(Kind kind, std::uint64_t number) {
  const auto present = table(kind).present();
  if (!present->exists(number)) return false;
  return table(kind).change(number, tick(), present->row(number).deleted, visible());
}

bool Organisation::remove(Kind kind, std::uint64_t number) {
  return table(kind).change(number, tick(), true, visible());
}

std::uint64_t Organisation::insert(Kind kind) { return table(kind).insert(tick(), visible()); }

void Organisation::happen(Kind kind, Changes changes) {
  Draw draw(0);
  {
    const std::lock_guard lock(mutex_);
    draw = Draw(mix(options_.seed ^ kRowLiveSalt, changes_));
  }
  const std::uint64_t rows = table(kind).rows();
  const auto present = table(kind).present();
  const auto drawn = [&] {
    std::uint64_t number = draw.below(rows);
    while (present->row(number).deleted) number = (number + 1) % rows;
    return number;
  };
  const bool has_live_rows = rows > 4;  // more than any kind's first block has deleted
  for (std::uint64_t at = 0; has_live_rows && at < changes.moves; ++at) update(kind, drawn());
  for (std::uint64_t at = 0; has_live_rows && at < changes.deletes; ++at) remove(kind, drawn());
  for (std::uint64_t at = 0; at < changes.inserts; ++at) insert(kind);
}

// As MongoDB makes them: the seconds of creation, then what looks like chance.
void Organisation::put_id(std::string& out, Kind kind, const Row& row) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(row.created).time_since_epoch().count();
  put_hex(out, static_cast<std::uint64_t>(seconds), 8);
  put_hex(out, (row.number ^ id_salt(kind)) * kIdFactor);
}

std::string Organisation::id(Kind kind, const Row& row) const {
  std::string out;
  put_id(out, kind, row);
  return out;
}

std::string Organisation::id(Kind kind, std::uint64_t number) const {
  const SystemTime updated = table(kind).timeline().updated(number);
  return id(kind, Row{number, updated, updated - age_when_updated(kind, key(kind, number)), 0, false});
}

std::optional<Row> Organisation::find(Kind kind, std::string_view text) const {
  if (text.size() != 24) return std::nullopt;
  std::uint64_t scattered = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data() + 8, end, scattered, 16).ptr != end) return std::nullopt;
  const std::uint64_t number = (scattered * inverse(kIdFactor)) ^ id_salt(kind);
  const auto present = table(kind).present();
  if (!present->exists(number)) return std::nullopt;
  const Row row = present->row(number);
  return id(kind, row) == text ? std::optional(row) : std::nullopt;
}

std::optional<std::uint64_t> Organisation::reference(Kind from, const Row& row, Kind to) const {
  const std::uint64_t rows = table(to).timeline().rows();
  if (rows == 0) return std::nullopt;
  // So that a conversation's children are found without a search.
  if (to == Kind::kConversation) return row.number % rows;
  Draw draw(mix(key(from, row.number), kRowReferenceSalt + 16 * static_cast<std::uint64_t>(to)));
  // Some refer to nothing.
  if (draw.one_in(to == Kind::kCompany || to == Kind::kQueue ? 3 : 24)) return std::nullopt;
  return draw.below(rows);
}

std::size_t Organisation::klass(std::uint64_t kobject) const {
  return mix(key(Kind::kKobject, kobject), kRowKlassSalt) % kKlassesWithObjects;
}

SystemTime Organisation::modified(Kind kind, const Row& row) const {
  Draw draw(mix(key(kind, row.number), kRowModifiedSalt));
  if (row.revision > 0 || draw.one_in(2)) return row.updated;
  const auto since = std::max<std::int64_t>((row.updated - row.created).count(), 1);
  return row.created + milliseconds(draw.below(static_cast<std::uint64_t>(since)));
}

std::optional<SystemTime> Organisation::imported(Kind kind, const Row& row) const {
  return key(kind, row.number) % 3 == 0 ? std::optional(row.created) : std::nullopt;
}

std::string_view Organisation::status(const Row& conversation) const {
  static constexpr std::string_view kStatuses[] = {"done", "open", "done", "snoozed", "done", "open"};
  return kStatuses[mix(key(Kind::kConversation, conversation.number), kRowStatusSalt + 64 * conversation.revision) % 6];
}

Truth Organisation::truth(Kind kind) const {
  const auto present = table(kind).present();
  const auto rows = [&](bool deleted, TimeRange range) { return ByUpdated(present, range, deleted, false).size(); };
  const std::uint64_t all = rows(true, {});
  return {all, all - rows(false, {}), rows(true, {SystemTime::min(), horizon()})};
}

}  // namespace engagement::simulator::kustomer

#include "simulator/kustomer/record_text.hpp"

#include <fmt/format.h>

#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using Put = void (*)(const RowText&);

Put put_of(Kind kind) {
  switch (kind) {
    case Kind::kConversation:
      return put_conversation;
    case Kind::kCustomer:
      return put_customer;
    case Kind::kMessage:
      return put_message;
    case Kind::kNote:
      return put_note;
    case Kind::kCompany:
      return put_company;
    case Kind::kKobject:
      return put_kobject;
    case Kind::kConversationTime:
      return put_conversation_time;
    case Kind::kWorkItem:
      return put_work_item;
    case Kind::kWorkSession:
      return put_work_session;
    default:
      return nullptr;
  }
}

}  // namespace

RecordText::RecordText(const Organisation& organisation) : organisation_(organisation) {
  // The first rows tell how long a record is without padding.
  constexpr std::uint64_t kSample = 50;
  const std::uint64_t wanted = organisation.options().record_bytes;
  const auto padding = [&](Kind kind, std::uint64_t bytes) -> std::uint64_t {
    const auto present = organisation.table(kind).present();
    const std::uint64_t rows = std::min(kSample, present->rows);
    std::string sample;
    for (std::uint64_t number = 0; number < rows; ++number) put_record(sample, kind, present->row(number));
    return rows == 0 || sample.size() / rows >= bytes ? 0 : bytes - sample.size() / rows;
  };
  conversation_padding_ = padding(Kind::kConversation, wanted);
  message_padding_ = padding(Kind::kMessage, wanted / 2);
}

void RecordText::put_record(std::string& out, Kind kind, const Row& row) const {
  RowText text{out, organisation_, kind, row, 0};
  put_identity(out, kind, row);
  out.pop_back();
  if (const Put put_kind = put_of(kind)) {
    if (kind == Kind::kConversation) text.padding = conversation_padding_;
    if (kind == Kind::kMessage) text.padding = message_padding_;
    put(out, ',');
    put_kind(text);
    put_links(text);
    return;
  }
  const nlohmann::ordered_json resource = small_resource(organisation_, kind, row);
  put(out, R"(,"attributes":)", resource.at("attributes").dump(), R"(,"relationships":)",
      resource.at("relationships").dump());
  put_links(text);
}

std::string RecordText::record(Kind kind, const Row& row) const {
  std::string out;
  put_record(out, kind, row);
  return out;
}

void RecordText::put_identity(std::string& out, Kind kind, const Row& row) const {
  put(out, R"({"type":")", info(kind).type, R"(","id":")");
  organisation_.put_id(out, kind, row);
  out += R"("})";
}

void put_time(std::string& out, SystemTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto rest = static_cast<std::uint64_t>((time - day).count());
  out += '"';
  put_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  out += '-';
  put_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  put_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  put_padded(out, rest / 3'600'000, 2);
  out += ':';
  put_padded(out, rest / 60'000 % 60, 2);
  out += ':';
  put_padded(out, rest / 1'000 % 60, 2);
  out += '.';
  put_padded(out, rest % 1'000, 3);
  out += "Z\"";
}

std::string time_text(SystemTime time) {
  std::string out;
  put_time(out, time);
  return out.substr(1, out.size() - 2);
}

}  // namespace engagement::simulator::kustomer

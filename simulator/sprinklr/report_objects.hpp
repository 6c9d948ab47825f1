#pragma once

#include <cstdint>
#include <string>

namespace engagement::simulator::sprinklr {

// The objects into which ids are resolved (reference 2.3, "object skeleton"), and the ids themselves. Invented, each a
// pure function of its key.
void put_message_object(std::string& out, std::uint64_t key, std::int64_t time, std::uint64_t padding);
void put_case_object(std::string& out, std::uint64_t key, std::int64_t time);
void put_initiative_object(std::string& out, std::uint64_t key);

std::string message_id(std::uint64_t key, std::int64_t time);  // sourceType_sourceId_time_channel_type_channelMessageId
std::uint64_t case_number(std::uint64_t key);
std::string hex_id(std::uint64_t key);  // 24 digits

// "Sep 16, 2024, 03:41:17 AM", in UTC.
std::string display_time(std::int64_t time);

// Some text as it stands in JSON, with line ends, tabs, double spaces and other scripts.
void put_words(std::string& out, std::uint64_t key, std::size_t least_bytes);

}  // namespace engagement::simulator::sprinklr

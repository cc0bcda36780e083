// HubSpot's objects as records of a flow, and segments as its searches. No requests here.
// Threads: any.
#pragma once

#include <relance/connector.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"
#include "settings.h"

namespace hubspot {

// The properties that a read needs, the id among them; `need` empty: all that are mapped.
std::vector<std::string> properties_for(const ObjectType& type, const rl_read& read);
// "email,firstname"
std::string comma_list(const std::vector<std::string>& names);
// ["email","firstname"]
std::string json_list(const std::vector<std::string>& names);

// What flows call its id; empty: it has none.
std::string id_of(const ObjectType& type, const kit::Value& object);
// A JSON object of the fields that are not empty. `with_id`: and "id", as items of a page have.
// hs_timezone comes as a zone ("us_slash_eastern" is "US/Eastern").
std::string record_of(const ObjectType& type, const rl_read& read, const kit::Value& object,
                      bool with_id);
std::string zone_of(std::string_view hubspot);

// A condition over fields: {"segment": "vip", "country": ["FR", "BE"],
// "orders": {"at_least": 2, "below": 9}, "email": {"present": true}}; all of it must hold.
// Appends a line for each field that is not mapped.
void check_query(const ObjectType& type, const kit::Value& query, std::string& problems);
// The filters of a search, without the brackets around them; empty: none. What HubSpot cannot
// search by, or no more, is left out: more may be found than was meant, never less.
std::string filters_of(const ObjectType& type, const kit::Value& query);
std::string filter(std::string_view property, std::string_view op, std::string_view value);

}  // namespace hubspot

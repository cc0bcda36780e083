// The closed list of error codes. A code never changes its meaning; each has a page
// docs/errors/EXXXX.md.
//
// E00xx engine and files, E01xx flows, E02xx bundle, contact rules and events.lua, E03xx event
// intake, E04xx store, E05xx plugins, E06xx runs, E07xx scripts (conversations).
#pragma once

#include <cstdint>
#include <string>

namespace relance {

enum class Code : uint16_t {
  internal = 1,
  usage = 2,
  file_not_found = 3,
  file_unreadable = 4,
  invalid_text = 5,  // a number, instant, currency or zone that cannot be read
  unknown_zone = 6,
  currency_mismatch = 7,  // two currencies compared or added
  overflow = 8,
  out_of_memory = 9,
  listen_failed = 10,  // an address that the engine should be reached at

  lua_syntax = 101,
  lua_runtime = 102,
  unknown_global = 103,
  unknown_kind = 104,
  unknown_field = 105,
  unknown_step = 106,
  unknown_outcome = 107,
  missing_field = 108,
  wrong_type = 109,
  duplicate_step = 110,
  unreachable_step = 111,
  result_may_not_exist = 112,
  unhandled_failure = 113,  // warning
  unhandled_handoff = 114,  // wants_human or dissatisfied of a voice step reaches no handoff
  unknown_event = 115,
  unknown_path = 116,
  table_gap = 117,  // a decision table leaves cases open
  table_overlap = 118,
  table_dead_row = 119,
  not_a_flow = 120,
  budget_instructions = 121,
  budget_memory = 122,
  // The words opted_out, wrong_person or a close word neither named nor ignored beside `otherwise`.
  unsettled_otherwise = 123,
  dead_outcome = 124,   // warning: no channel this bundle has can give that word
  charge_class = 125,   // a charge over a channel that can neither be keyed nor looked up
  bad_value = 126,      // right type, impossible value (tries = 0)
  not_supported = 127,  // part of the language that this version does not have
  touches_unbounded = 128,
  forbidden_name = 129,  // sandbox: not available to flows
  rule_broken = 130,     // a search or an audit found a contact that the rules forbid

  unknown_pack = 150,            // no rules of that country are known
  unknown_holidays = 151,        // no public holidays of that place are known
  do_not_call_unreadable = 152,  // a do-not-call file that cannot be read as one
  do_not_call_old = 153,         // warning: a do-not-call file is older than may be relied on

  start_data = 140,       // what start_flow hands over does not fit the flow
  starts_spin = 141,      // flows start each other, and no time need pass
  starts_for_ever = 142,  // flows start each other, and nothing ends it
  dear_first = 143,       // warning: several channels, the dearer one first

  unknown_record_field = 160,  // a segment asks what no record of the CRM has

  unknown_channel = 201,
  unknown_template = 202,
  unknown_policy = 203,
  unknown_queue = 204,
  unknown_connector = 205,
  unknown_script = 206,
  unknown_plugin = 207,
  bad_bundle = 208,
  bad_contact_rules = 209,
  bad_event_catalogue = 210,
  missing_secret = 211,
  bad_template = 212,
  unknown_marker = 213,
  unknown_flow = 214,
  plugin_config = 215,

  event_malformed = 301,  // not JSON, not UTF-8
  event_too_large = 302,  // more than 256 KiB
  event_too_deep = 303,
  event_incomplete = 304,  // an attribute or a field that is needed is missing
  event_bad_field = 305,   // a field of another type than the catalogue's
  event_unknown_type = 306,
  unsupported_media = 307,  // an HTTP body of a content type that is not taken

  store_open = 401,
  store_in_use = 402,
  store_corrupt = 403,
  store_version = 404,
  store_full = 405,
  store_failed = 406,
  store_went_back = 407,  // it lost commits that it had acknowledged
  store_there = 604,      // a store or backup that would be overwritten

  // Hand-offs and contact memory
  no_controller = 470,          // packets name who answers for the data, and the bundle does not
  packet_incomplete = 471,      // a packet lacks one of its fields
  item_not_found = 472,         // there is no such item in a human queue
  item_taken = 473,             // another person has it
  item_word = 474,              // not a word that the item may be ended with
  voicemail_unmentioned = 475,  // warning: what follows a voicemail does not speak of it

  // What leaves by itself
  unknown_writer = 450,  // `content` names none of the bundle's

  plugin_open = 501,
  plugin_abi = 502,
  plugin_incomplete = 503,  // a function or table is missing
  plugin_threw = 504,
  plugin_refused = 505,
  plugin_ambiguous = 506,  // two builds with one id, or a file that is named otherwise than its id

  run_failed_function = 601,  // a function of the flow failed; the step or the run ends failed
  run_no_flow_version = 602,
  run_not_found = 603,

  reload_refused = 630,       // the bundle has errors; the generation before stays
  reload_under_way = 631,     // one at a time
  reload_strands_runs = 632,  // a flow version that has runs cannot be loaded with it
  no_generation = 633,        // the store has none of that number, or nothing to go back to
  no_running_node = 634,      // nobody listens at the store's socket
  move_refused = 635,         // runs that no migration can move as it was asked for
  move_is_over = 636,         // a migration that cannot be undone any more

  pause_scope_unknown = 680,  // a flow or channel of that name is not there
  pause_stands = 681,         // the same was paused before
  pause_unknown = 682,        // none of that number, or of just that, stands
  customer_unknown = 710,     // nothing is kept about a customer of that name

  script_missing_text = 701,
  script_missing_fact = 702,
};

std::string code_text(Code code);  // "E0107"

}  // namespace relance

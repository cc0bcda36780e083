// A library that is preloaded into the real program (LD_PRELOAD) and makes its disk fail and its
// wall clock jump. It stands between the program and the kernel: writes, flushes, space and opening
// of files whose path holds RELANCE_FAULTS_FILES (with a $ at its end: whose path ends so).
//
//   RELANCE_FAULTS   CALL:FAULT@FROM[..[TO]], several with ";"; calls are counted from 1
//     sync:eio@37          this flush fails, later ones go well (as Linux does: the pages are lost)
//     sync:eio@37..        every flush from the 37th on fails
//     write:enospc@200..   no write from the 200th on finds room
//     write:eio@41         this write fails
//     write:short@41       half of it is written, and the caller is told so
//     write:torn@41        half of it is written, and the process is gone
//     open:emfile@5        this file cannot be opened
//   RELANCE_FAULTS_STATE   a file that the test maps: struct faults_state, below
//
// Plain C, since it runs inside malloc and whatever else opens a file.
#pragma once

#include <stdint.h>

#define FAULTS_NO_LIMIT INT64_MAX

// Shared with the test, which sets the first two at any time.
struct faults_state {
  int64_t room;                  // bytes by which files may still grow; FAULTS_NO_LIMIT: any
  int64_t clock_shift_ms;        // what the wall clock is wrong by
  int64_t struck;                // how often a call was made to fail
  int64_t syncs, writes, opens;  // calls so far, on files that match
};

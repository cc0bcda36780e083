// How jemalloc works in our programs, which it reads from this name. Few arenas: an event's memory
// is taken on one thread and given back on another. Freed pages go back after a second, not at
// once: that would be a call of the kernel for every batch.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

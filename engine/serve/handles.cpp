#include "serve/handles.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/log.h"

namespace relance {
size_t connections_with_handles(size_t wanted) {
  rlimit granted{};
  if (getrlimit(RLIMIT_NOFILE, &granted) != 0) return wanted;
  const rlim_t needed = wanted + kHandlesBeside;
  if (granted.rlim_cur >= needed) return wanted;
  rlimit more = granted;
  more.rlim_cur = std::min<rlim_t>(needed, granted.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &more) == 0) granted = more;
  if (granted.rlim_cur >= needed) return wanted;
  const size_t fewer = std::clamp<size_t>(granted.rlim_cur / 2, 1, wanted);
  log::warn("serve", "{} file handles are granted: {} connections instead of {} (ulimit -Hn)",
            granted.rlim_cur, fewer, wanted);
  return fewer;
}

}  // namespace relance

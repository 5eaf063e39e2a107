/**
 * A line of shell that says in `ATRIUM_STORE` where programs inside keep what is theirs: replaced files, and how files were before a
 * run. It must be on the workspace's own mount, as files are exchanged with it, and out of everybody's sight: beside the
 * workspace where the host made room there, else where programs keep their caches. What stood in the workspace in earlier
 * versions is brought along.
 */
export const findStore = [
  'home=$(pwd -P)',
  'ATRIUM_STORE=${home%/*}/.atrium',
  'if ! { [ -d "$ATRIUM_STORE" ] && [ -w "$ATRIUM_STORE" ] && [ "$(stat -c %d "$home")" = "$(stat -c %d "${home%/*}")" ]; }; then ATRIUM_STORE=$home/.cache/atrium; fi',
  'before=$home/.atrium-unfinished-files',
  'if [ -d "$before" ] && ! [ -L "$before" ]; then mkdir -p "$ATRIUM_STORE"; mv -n "$before"/* "$ATRIUM_STORE/"; rmdir "$before"; fi 2>/dev/null',
  'export ATRIUM_STORE',
].join('; ')

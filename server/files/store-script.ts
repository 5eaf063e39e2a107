/**
 * Python that says where programs inside keep what is theirs: replaced files, and how files were before a run. It must be on
 * the workspace's own mount, as files are exchanged with it, and out of everybody's sight: beside the workspace where the
 * host made room there, else where programs keep their caches. What stood in the workspace in earlier versions is brought along.
 */
export const storeScript = String.raw`
def store_of(home):
    beside = os.path.join(os.path.dirname(home), '.atrium')
    usable = os.path.isdir(beside) and os.access(beside, os.W_OK) and not os.path.ismount(home)
    store = beside if usable else os.path.join(home, '.cache', 'atrium')
    before = os.path.join(home, '.atrium-unfinished-files')
    if os.path.isdir(before) and not os.path.islink(before):
        try:
            os.makedirs(store, exist_ok=True)
            for name in os.listdir(before):
                if not os.path.exists(os.path.join(store, name)): os.rename(os.path.join(before, name), os.path.join(store, name))
            os.rmdir(before)
        except OSError: pass
    return store
`

import { Spinner } from '../../ui/spinner.tsx'

/** A line of a list that brings more of it. */
export const More = ({ label, busy = false, onClick }: { label: string; busy?: boolean; onClick(): void }) => (
  <li>
    <button
      type="button"
      disabled={busy}
      onClick={onClick}
      className="flex h-(--h-row) w-full items-center gap-1.5 rounded-md px-2 text-ui text-fg-3 hover:bg-hover hover:text-fg pointer-coarse:h-11"
    >
      {busy && <Spinner />}
      {label}
    </button>
  </li>
)

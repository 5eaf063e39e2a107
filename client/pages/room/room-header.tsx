import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { notify } from '../../base/notify.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { SessionTitle, type SessionSummary } from '#shared/sessions/schema.ts'
import { call } from '../../base/api.ts'
import { describeError } from '../../base/query.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { Room } from './use-room.ts'

/** Where one is: the project and the session, and what may be done to the session. */
export function RoomHeader({ room, projectId, phone, aside }: { room: Room; projectId: ProjectId; phone: boolean; aside?: ReactNode }) {
  const { current, name } = room
  const title = current?.title ?? 'New session'
  return (
    <header className="flex h-(--h-bar) shrink-0 items-center gap-2 border-b border-line pr-2 pl-5 max-sm:pl-1.5">
      {phone && (
        <Link
          to="/"
          aria-label="Back to projects"
          className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2 hover:bg-hover"
        >
          <ChevronLeft size={18} />
        </Link>
      )}
      <h1 className="flex min-w-0 flex-1 items-center gap-2 text-ui max-sm:flex-col-reverse max-sm:items-start max-sm:gap-0">
        <span className="max-w-[45%] shrink-0 truncate text-fg-3 max-sm:max-w-full max-sm:text-small">{name}</span>
        <span aria-hidden className="text-line-strong max-sm:hidden">
          /
        </span>
        <span className="max-w-full min-w-0 truncate font-title">{title}</span>
      </h1>
      {room.agents.some((agent) => agent.demo) && (
        <Badge tone="accent" className="max-sm:hidden">
          Demo model
        </Badge>
      )}
      {aside}
      {current && can(room.role, 'session.update') && <SessionMenu session={current} projectId={projectId} />}
    </header>
  )
}

function SessionMenu({ session, projectId }: { session: SessionSummary; projectId: ProjectId }) {
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const close = () => setDialog(undefined)
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Session">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil size={15} />} onSelect={() => setDialog('rename')}>
          Rename
        </MenuItem>
        <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => setDialog('delete')}>
          Delete session
        </MenuItem>
      </Menu>
      <Dialog open={dialog === 'rename'} onOpenChange={close} title="Rename the session">
        <Rename session={session} onDone={close} />
      </Dialog>
      <Dialog
        open={dialog === 'delete'}
        onOpenChange={close}
        title={`Delete “${session.title}”?`}
        description="The conversation goes for everyone. Files and the plan stay."
      >
        <Remove session={session} projectId={projectId} onDone={close} />
      </Dialog>
    </>
  )
}

function Rename({ session, onDone }: { session: SessionSummary; onDone(): void }) {
  const [title, setTitle] = useState(session.title)
  const rename = useMutation({
    mutationFn: (next: string) => call(sessionCalls.updateSession, { params: { id: session.id }, body: { title: next } }),
    onSuccess: onDone,
  })
  const parsed = SessionTitle.safeParse(title)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.success) rename.mutate(parsed.data)
      }}
    >
      <TextField
        label="Title"
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={rename.error ? describeError(rename.error) : undefined}
      />
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={!parsed.success} busy={rename.isPending}>
          Rename
        </Button>
      </div>
    </form>
  )
}

function Remove({ session, projectId, onDone }: { session: SessionSummary; projectId: ProjectId; onDone(): void }) {
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => call(sessionCalls.deleteSession, { params: { id: session.id } }),
    onSuccess: async () => {
      onDone()
      await navigate({ to: '/p/$projectId', params: { projectId } })
    },
    onError: (error) => {
      notify.error('The session was not deleted', { description: describeError(error) })
    },
  })
  return (
    <div className="flex justify-end gap-2">
      <Button look="ghost" onClick={onDone}>
        Cancel
      </Button>
      <Button look="destructive" busy={remove.isPending} onClick={() => remove.mutate()}>
        Delete session
      </Button>
    </div>
  )
}

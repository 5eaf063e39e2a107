import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

const DeadEnd = ({ title, text }: { title: string; text: string }) => (
  <main className="flex min-h-full items-center justify-center">
    <Empty icon={<Compass />} title={title} text={text}>
      <Button asChild>
        <Link to="/">Go to your projects</Link>
      </Button>
    </Empty>
  </main>
)

export const NotFoundPage = () => <DeadEnd title="Nothing is here" text="The address may be wrong, or what was here was deleted." />

export const NoAccessPage = () => (
  <DeadEnd title="You have no access to this room" text="It was deleted, or you are not a member of the project. An owner can invite you." />
)

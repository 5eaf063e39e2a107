import {
  AppWindow,
  Braces,
  FilePen,
  FilePlus,
  FileSearch,
  FolderOpen,
  Globe,
  Lightbulb,
  ListChecks,
  Megaphone,
  MessageCircleQuestion,
  MousePointerClick,
  Search,
  SquareTerminal,
  Wrench,
  type LucideIcon,
} from 'lucide-react'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import type { CallVerb } from '#shared/sessions/presentation.ts'
import { presentationOf } from './call-presentation.ts'

const icons: Record<CallVerb, LucideIcon> = {
  list: FolderOpen,
  read: FileSearch,
  write: FilePlus,
  edit: FilePen,
  search: Search,
  shell: SquareTerminal,
  python: Braces,
  terminal: SquareTerminal,
  readTerminal: SquareTerminal,
  plan: ListChecks,
  ask: MessageCircleQuestion,
  preview: AppWindow,
  desktop: MousePointerClick,
  fetch: Globe,
  suggest: Lightbulb,
  tell: Megaphone,
}

export function ToolIcon({ item }: { item: ToolCallItem }) {
  const { verb } = presentationOf(item)
  const Icon = verb ? icons[verb] : Wrench
  return <Icon size={15} strokeWidth={1.75} className="shrink-0 text-fg-3" aria-hidden />
}

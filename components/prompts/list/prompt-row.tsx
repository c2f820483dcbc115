import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { classNames } from '#components/ui/class-names.ts'
import { counted, formatAgo, formatMoment } from '#components/ui/format.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { CategoryMark } from '../category-mark.tsx'
import type { CategoryFacts } from '../facts.ts'
import { LabelBadges } from '../version-badges.tsx'
import { isShiftClick } from './selection.ts'
import { Sparkline } from './sparkline.tsx'

export interface PromptRowProps {
  prompt: PromptSummary
  /** The time in milliseconds. */
  now: number
  category: CategoryFacts | undefined
  isSelected: boolean
  onSelect: (name: string, range: boolean) => void
  onMenu: (prompt: PromptSummary, button: HTMLElement) => void
}

/** One prompt in the list, as an entry of a table of contents; the whole row leads to it. */
export function PromptRow({ prompt, category, isSelected, now, onSelect, onMenu }: PromptRowProps) {
  const { name, title, description } = prompt
  const heard = title || name
  return (
    <article
      draggable
      className={classNames(
        'group relative -mx-3 flex gap-3 rounded-lg px-3 py-4',
        isSelected ? 'bg-lapis-wash' : 'hover:bg-sunken',
      )}
    >
      <label className="relative z-1 -m-1.5 grid size-9 shrink-0 place-items-center self-start">
        <span className="sr-only">Select {heard}</span>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          onChange={(event) => onSelect(name, isShiftClick(event.nativeEvent))}
          className="size-4 accent-(--lapis) opacity-60 checked:opacity-100 group-hover:opacity-100 group-focus-within:opacity-100"
        />
      </label>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h2 className="min-w-0 font-serif text-[1.3125rem] leading-7">
            <Link
              href={`/prompts/${name}`}
              prefetch={false}
              draggable={false}
              data-row-link={name}
              className="stretched rounded outline-offset-4 [overflow-wrap:anywhere] group-hover:text-rubric"
            >
              {heard}
              <LinkPending />
            </Link>
          </h2>
          {title && <p className="break-all font-mono text-ink-faint text-xs">{name}</p>}
          <span className="flex flex-wrap gap-1 sm:ml-auto">
            <LabelBadges labels={prompt.labels} />
          </span>
        </div>
        {description && (
          <p className="mt-1 line-clamp-2 text-ink-soft text-pretty sm:line-clamp-1">{description}</p>
        )}
        <RowFacts prompt={prompt} category={category} now={now} />
      </div>
      <button
        type="button"
        aria-label={`Actions for ${heard}`}
        aria-haspopup="menu"
        onClick={(event) => onMenu(prompt, event.currentTarget)}
        className="relative z-1 -mr-1.5 grid size-8 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </button>
    </article>
  )
}

function RowFacts({ prompt, category, now }: Pick<PromptRowProps, 'prompt' | 'category' | 'now'>) {
  const { variables, kind, tags, usage } = prompt
  return (
    <ul className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-faint text-xs">
      {prompt.category && (
        <li className="flex items-center gap-1.5 text-ink-soft">
          <CategoryMark color={category?.color} />
          {category?.name ?? prompt.category}
        </li>
      )}
      <li>{variables.length === 0 ? 'no variables' : counted(variables.length, 'variable')}</li>
      {kind === 'chat' && <li>chat</li>}
      {tags.length > 0 && <li className="min-w-0 truncate">{tags.join(' · ')}</li>}
      <li className="flex items-center gap-4 sm:ml-auto">
        {usage && <Sparkline counts={usage} />}
        <time dateTime={prompt.updated_at} title={formatMoment(prompt.updated_at)}>
          {formatAgo(prompt.updated_at, now)}
        </time>
      </li>
    </ul>
  )
}

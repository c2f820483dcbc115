import Link from 'next/link'
import { classNames } from '#components/ui/class-names.ts'
import { counted, formatAgo, formatMoment } from '#components/ui/format.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { type CategoryFacts, CategoryMark } from '../categories-and-tags.tsx'
import { LabelBadges } from '../version-badges.tsx'
import { RowCheckbox, RowMenuButton, Sparkline } from './row-parts.tsx'

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
      <RowCheckbox prompt={prompt} isSelected={isSelected} onSelect={onSelect} className="self-start" />
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
      <RowMenuButton prompt={prompt} onMenu={onMenu} />
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

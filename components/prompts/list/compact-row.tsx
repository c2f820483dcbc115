import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { CategoryMark } from '../categories-and-tags.tsx'
import type { PromptRowProps } from './prompt-row.tsx'
import { RowCheckbox, RowMenuButton, Sparkline } from './row-parts.tsx'

/** One prompt in one line: title, versions, category, usage, last change. */
export function CompactRow({ prompt, category, isSelected, now, onSelect, onMenu }: PromptRowProps) {
  const { name, title, usage, updated_at: at } = prompt
  const heard = title || name
  return (
    <article
      draggable
      className={classNames(
        'group relative -mx-3 flex h-11 items-center gap-3 px-3 text-sm',
        isSelected ? 'bg-lapis-wash' : 'hover:bg-sunken',
      )}
    >
      <RowCheckbox prompt={prompt} isSelected={isSelected} onSelect={onSelect} />
      <h2 className="flex min-w-0 flex-1 items-baseline gap-3">
        <Link
          href={`/prompts/${name}`}
          prefetch={false}
          draggable={false}
          data-row-link={name}
          className="stretched truncate rounded font-medium outline-offset-4 group-hover:text-rubric"
        >
          {heard}
          <LinkPending />
        </Link>
        {title && (
          <span className="min-w-0 truncate font-mono text-ink-faint text-xs max-md:hidden">{name}</span>
        )}
      </h2>
      <Versions prompt={prompt} />
      <span className="flex w-32 shrink-0 items-center gap-1.5 text-ink-soft text-xs max-lg:hidden">
        {prompt.category && (
          <>
            <CategoryMark color={category?.color} />
            <span className="truncate">{category?.name ?? prompt.category}</span>
          </>
        )}
      </span>
      {usage && (
        <span className="shrink-0 max-md:hidden">
          <Sparkline counts={usage} />
        </span>
      )}
      <time
        dateTime={at}
        title={formatMoment(at)}
        className="w-24 shrink-0 text-right text-ink-faint text-xs tabular-nums max-sm:hidden"
      >
        {formatAgo(at, now)}
      </time>
      <RowMenuButton prompt={prompt} onMenu={onMenu} />
    </article>
  )
}

/** The newest version, and the one that agents get when that is another. */
function Versions({ prompt: { latest_version: latest, labels } }: Pick<PromptRowProps, 'prompt'>) {
  const production = labels.find(({ label }) => label === PRODUCTION)?.version
  return (
    <span className="flex shrink-0 items-center gap-1 tabular-nums">
      <Badge tone={production === latest ? 'rubric' : 'plain'}>v{latest}</Badge>
      {production !== undefined && production !== latest && <Badge tone="rubric">prod v{production}</Badge>}
    </span>
  )
}

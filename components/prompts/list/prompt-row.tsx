import Link from 'next/link'
import { counted, formatDay, formatMoment } from '#components/ui/format.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { CategoryMark } from '../category-mark.tsx'
import type { CategoryFacts } from '../facts.ts'
import { LabelBadges } from '../version-badges.tsx'

/** One prompt in the list, as an entry of a table of contents; the whole row leads to it. */
export function PromptRow({
  prompt,
  category,
}: {
  prompt: PromptSummary
  category: CategoryFacts | undefined
}) {
  const { name, title, description, tags, variables, kind } = prompt
  return (
    <article className="group relative -mx-3 rounded-lg px-3 py-5 hover:bg-sunken">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="min-w-0 font-serif text-[1.3125rem] leading-7">
          <Link
            href={`/prompts/${name}`}
            prefetch={false}
            data-row-link=""
            className="stretched rounded outline-offset-4 group-hover:text-rubric"
          >
            {title || name}
            <LinkPending />
          </Link>
        </h2>
        <p className="break-all font-mono text-ink-faint text-xs">{name}</p>
        <span className="flex flex-wrap gap-1 sm:ml-auto">
          <LabelBadges labels={prompt.labels} />
        </span>
      </div>
      {description && (
        <p className="mt-1.5 line-clamp-2 max-w-[76ch] text-ink-soft text-pretty">{description}</p>
      )}
      <ul className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-faint text-xs">
        {prompt.category && (
          <li className="flex items-center gap-1.5 text-ink-soft">
            <CategoryMark color={category?.color} />
            {category?.name ?? prompt.category}
          </li>
        )}
        <li>{variables.length === 0 ? 'no variables' : counted(variables.length, 'variable')}</li>
        {kind === 'chat' && <li>chat</li>}
        {tags.length > 0 && <li className="min-w-0 truncate">{tags.join(' · ')}</li>}
        <li className="sm:ml-auto">
          <time dateTime={prompt.updated_at} title={formatMoment(prompt.updated_at)}>
            {formatDay(prompt.updated_at)}
          </time>
        </li>
      </ul>
    </article>
  )
}

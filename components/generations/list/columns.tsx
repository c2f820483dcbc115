import type { ReactNode } from 'react'
import { RatingCounts } from '#components/outcomes/rating-counts.tsx'
import { ratingWords } from '#components/outcomes/words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import type { Column } from '#components/usage/csv.ts'
import type { GenerationSummary } from '#lib/generations/schema.ts'
import { formatCost, formatSpan, formatTokens } from '../format-generation.ts'
import { STATUS_NAMES, StatusMark } from '../status-mark.tsx'

/** A column of the table of generations. */
export interface GenerationColumn extends Column<GenerationSummary> {
  /** Its track in the grid. */
  width: string
  show: (generation: GenerationSummary, now: number) => ReactNode
  /** The sort key of this column. */
  sort?: 'created_at' | 'latency_ms' | 'first_token_ms' | 'cost' | 'output_tokens'
  isNumber?: boolean
  /** Left out until somebody wants it. */
  isExtra?: boolean
  /** Also where there is little room. */
  isOnPhone?: boolean
}

/** All columns but the first, which tells the prompt and leads to the generation. */
export const COLUMNS: readonly GenerationColumn[] = [
  {
    key: 'configuration',
    name: 'Configuration',
    width: 'minmax(6rem,0.8fr)',
    value: ({ configuration }) => configuration,
    show: ({ configuration, model }) => (
      <span title={model} className="truncate">
        {configuration}
      </span>
    ),
  },
  {
    key: 'model',
    name: 'Model',
    width: 'minmax(6rem,1fr)',
    value: ({ model }) => model,
    show: ({ model }) => <span className="truncate">{model}</span>,
    isExtra: true,
  },
  {
    key: 'text',
    name: 'Answer',
    width: 'minmax(8rem,1.8fr)',
    value: ({ excerpt, error }) => error?.message ?? excerpt,
    show: ({ excerpt, error, status }) =>
      error !== null && status === 'failed' ? (
        <span className="truncate text-rubric">{error.message}</span>
      ) : (
        <span className="truncate text-ink-soft">{excerpt}</span>
      ),
  },
  {
    key: 'latency',
    name: 'Latency',
    width: '5.5rem',
    value: ({ latency_ms: latency }) => latency,
    show: ({ latency_ms: latency }) => formatSpan(latency),
    sort: 'latency_ms',
    isNumber: true,
    isOnPhone: true,
  },
  {
    key: 'first_token',
    name: 'First token',
    width: '6rem',
    value: ({ first_token_ms: first }) => first,
    show: ({ first_token_ms: first }) => formatSpan(first),
    sort: 'first_token_ms',
    isNumber: true,
  },
  {
    key: 'tokens',
    name: 'Tokens',
    width: '8.5rem',
    value: ({ output_tokens: output }) => output,
    show: ({ input_tokens: input, output_tokens: output }) => formatTokens(input, output),
    sort: 'output_tokens',
    isNumber: true,
  },
  {
    key: 'cost',
    name: 'Cost',
    width: '5.5rem',
    value: ({ cost }) => cost,
    show: ({ cost }) => formatCost(cost),
    sort: 'cost',
    isNumber: true,
  },
  {
    key: 'rating',
    name: 'Rating',
    width: '5.5rem',
    value: ({ ratings: { successes, failures } }) =>
      successes + failures === 0 ? null : ratingWords({ successes, failures }),
    show: ({ ratings }) => <RatingCounts {...ratings} />,
    isNumber: true,
  },
  {
    key: 'who',
    name: 'Who',
    width: 'minmax(5rem,0.6fr)',
    value: ({ author }) => author.display,
    show: ({ author }) => <span className="truncate">{author.display}</span>,
  },
  {
    key: 'when',
    name: 'When',
    width: '7.5rem',
    value: ({ created_at: at }) => at,
    show: ({ created_at: at }, now) => (
      <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap text-ink-faint">
        {formatAgo(at, now)}
      </time>
    ),
    sort: 'created_at',
    isNumber: true,
    isOnPhone: true,
  },
]

/** The columns of the file before those on the screen. */
export const FILE_COLUMNS: readonly Column<GenerationSummary>[] = [
  { key: 'id', name: 'Id', value: ({ id }) => id },
  { key: 'status', name: 'Status', value: ({ status }) => STATUS_NAMES[status] },
  { key: 'prompt', name: 'Prompt', value: ({ prompt }) => prompt },
  { key: 'version', name: 'Version', value: ({ version }) => version },
  { key: 'label', name: 'Label', value: ({ label }) => label },
  { key: 'input_tokens', name: 'Input tokens', value: ({ input_tokens: input }) => input },
]

/** The first cell: the status and the prompt. */
export function PromptCell({ generation }: { generation: GenerationSummary }) {
  const { status, prompt, version, label, is_draft: isDraft } = generation
  return (
    <>
      <StatusMark status={status} isWordless />
      <span className="min-w-0 truncate font-mono text-[0.8125rem] group-hover:text-rubric">{prompt}</span>
      <Badge>
        v{version}
        {label !== null && <span className="font-normal max-xl:hidden">{label}</span>}
      </Badge>
      {isDraft && <Badge tone="lapis">edited</Badge>}
    </>
  )
}

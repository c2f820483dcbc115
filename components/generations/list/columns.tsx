import type { ReactNode } from 'react'
import { RatingCounts } from '#components/outcomes/rating-counts.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import type { GenerationSummary, UsualFigures } from '#lib/generations/schema.ts'
import type { GenerationColumn as FileColumn, GenerationSort } from '#lib/generations/status.ts'
import { BesideUsual } from '../beside-usual.tsx'
import { formatTokens } from '../format-generation.ts'
import { StatusMark } from '../status-mark.tsx'
import type { ComparedFigure } from '../usual.ts'

/** What a cell is shown with besides its generation. */
export interface CellContext {
  /** In milliseconds. */
  now: number
  /** Of its configuration. */
  usual: UsualFigures | undefined
}

/** A column of the table of generations. */
export interface GenerationColumn {
  key: string
  name: string
  /** Its track in the grid. */
  width: string
  show: (generation: GenerationSummary, context: CellContext) => ReactNode
  /** What a file has of it. */
  inFile: readonly FileColumn[]
  /** The sort key of this column. */
  sort?: Exclude<GenerationSort, `-${string}`>
  isNumber?: boolean
  /** Left out until somebody wants it. */
  isExtra?: boolean
  /** Also where there is little room. */
  isOnPhone?: boolean
}

/** A figure beside the usual one. */
function figure(
  sort: ComparedFigure,
  name: string,
  width: string,
  more: Partial<GenerationColumn> = {},
): GenerationColumn {
  return {
    key: sort.replace(/_ms$/, ''),
    name,
    width,
    show: (generation, { usual }) => (
      <BesideUsual isStacked kind={sort} value={generation[sort]} usual={usual} />
    ),
    inFile: [sort],
    sort,
    isNumber: true,
    ...more,
  }
}

/** All columns but the first, which tells the prompt and leads to the generation. */
export const COLUMNS: readonly GenerationColumn[] = [
  // First: on a page that is too narrow for all, the last ones are out of sight.
  {
    key: 'when',
    name: 'When',
    width: '6.25rem',
    show: ({ created_at: at }, { now }) => (
      <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap text-ink-faint">
        {formatAgo(at, now)}
      </time>
    ),
    inFile: ['created_at'],
    sort: 'created_at',
    isNumber: true,
    isOnPhone: true,
  },
  {
    key: 'configuration',
    name: 'Configuration',
    width: 'minmax(6rem,0.8fr)',
    show: ({ configuration, model }) => (
      <span title={model} className="truncate">
        {configuration}
      </span>
    ),
    inFile: ['configuration'],
  },
  {
    key: 'model',
    name: 'Model',
    width: 'minmax(6rem,1fr)',
    show: ({ model }) => <span className="truncate">{model}</span>,
    inFile: ['provider', 'model'],
    isExtra: true,
  },
  {
    key: 'text',
    name: 'Answer',
    width: 'minmax(7rem,1.8fr)',
    show: ({ excerpt, error, status }) =>
      error !== null && status === 'failed' ? (
        <span className="truncate text-rubric">{error.message}</span>
      ) : (
        <span className="truncate text-ink-soft">{excerpt}</span>
      ),
    inFile: ['excerpt', 'error_code', 'error_message'],
  },
  figure('latency_ms', 'Latency', '6.25rem', { isOnPhone: true }),
  figure('first_token_ms', 'First token', '6.25rem'),
  figure('tokens_per_second', 'Speed', '5.75rem'),
  figure('queue_ms', 'Queue', '5.75rem'),
  figure('cost', 'Cost', '6.25rem'),
  {
    key: 'tokens',
    name: 'Tokens',
    width: '6.75rem',
    show: ({ input_tokens: input, output_tokens: output }) => formatTokens(input, output),
    inFile: ['input_tokens', 'output_tokens'],
    sort: 'output_tokens',
    isNumber: true,
  },
  {
    key: 'rating',
    name: 'Rating',
    width: '5.5rem',
    show: ({ ratings }) => <RatingCounts {...ratings} />,
    inFile: ['successes', 'failures'],
    isNumber: true,
    isExtra: true,
  },
  {
    key: 'who',
    name: 'Who',
    width: 'minmax(4.5rem,0.6fr)',
    show: ({ author }) => <span className="truncate">{author.display}</span>,
    inFile: ['author'],
  },
]

/** The columns of a file before those on the screen. */
const ALWAYS_IN_FILE: readonly FileColumn[] = ['id', 'status', 'prompt', 'version', 'label']

/** The columns of a file that has what the table shows. */
export function fileColumns(columns: readonly GenerationColumn[]): readonly FileColumn[] {
  return [...ALWAYS_IN_FILE, ...columns.flatMap(({ inFile }) => inFile)]
}

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

import Link from 'next/link'
import type { GenerationFilters } from '#components/generations/filters.ts'
import { formatCost, formatSpan } from '#components/generations/format-generation.ts'
import { Badge } from '#components/ui/badge.tsx'
import type { Dimension } from '#lib/usage/rules.ts'
import type { SpendingRow, VersionCost } from '#lib/usage/spending-schema.ts'
import { BrokenName, type ShownColumn } from '../data-table.tsx'
import { generationsOfRow } from '../figure-hrefs.ts'
import { formatChange, formatCount, formatShare, NONE } from '../format-usage.ts'

const HEADS: Record<Dimension, string> = {
  prompt: 'Prompt',
  version: 'Version',
  label: 'Label',
  configuration: 'Configuration',
  model: 'Model',
  category: 'Category',
  client: 'Client',
  actor: 'Person or key',
}

/** What each row of spending tells. */
export function spendingColumns(
  by: Dimension,
  filters: Partial<GenerationFilters> | undefined,
): ShownColumn<SpendingRow>[] {
  return [
    {
      key: by,
      name: HEADS[by],
      value: ({ name, key }) => name || key || NONE,
      show: ({ name, key }) => <BrokenName name={name || key || NONE} />,
    },
    money('cost', 'Cost', ({ cost }) => cost),
    {
      key: 'share',
      name: 'Share',
      value: ({ share }) => share,
      show: ({ share }) => formatShare(share),
      isNumber: true,
    },
    {
      key: 'generations',
      name: 'Generations',
      value: ({ generations }) => generations,
      show: (row) => (
        <Listed
          count={row.generations}
          of={`generations of ${row.name}`}
          href={generationsOfRow(row, by, filters)}
        />
      ),
      isNumber: true,
    },
    {
      key: 'failed',
      name: 'Failed',
      value: (row) => row.generations_failed,
      show: (row) => (
        <Listed
          count={row.generations_failed}
          of={`failed generations of ${row.name}`}
          href={row.generations_failed === 0 ? undefined : generationsOfRow(row, by, failedOf(filters))}
        />
      ),
      isNumber: true,
    },
    count('tokens', 'Tokens', ({ tokens }) => tokens),
    money('cost_per_generation', 'Per generation', (row) => row.cost_per_generation),
    money('cost_per_1000_tokens', 'Per 1,000 tokens', (row) => row.cost_per_1000_tokens),
    {
      key: 'latency_ms',
      name: 'Mean call',
      value: (row) => row.latency_ms,
      show: (row) => formatSpan(row.latency_ms),
      isNumber: true,
    },
  ]
}

function failedOf(filters: Partial<GenerationFilters> | undefined): Partial<GenerationFilters> | undefined {
  return filters && { ...filters, status: 'failed' }
}

/** A count that leads to what it counts. */
function Listed({ count: number, of, href }: { count: number; of: string; href: string | undefined }) {
  if (href === undefined) return formatCount(number)
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={`${formatCount(number)} ${of}`}
      className="inline-block min-h-6 content-center rounded text-lapis underline-offset-4 hover:underline"
    >
      {formatCount(number)}
    </Link>
  )
}

function money(
  key: string,
  name: string,
  value: (row: SpendingRow) => number | null,
): ShownColumn<SpendingRow> {
  return { key, name, value, show: (row) => formatCost(value(row)), isNumber: true }
}

function count(key: string, name: string, value: (row: SpendingRow) => number): ShownColumn<SpendingRow> {
  return { key, name, value, show: (row) => formatCount(value(row)), isNumber: true }
}

/** The unit cost of versions, each beside the one before. */
export const versionColumns: ShownColumn<VersionCost>[] = [
  { key: 'version', name: 'Version', value: ({ version }) => version, show: ({ version }) => `v${version}` },
  {
    key: 'cost',
    name: 'Per generation',
    value: (row) => row.cost_per_generation,
    show: (row) => formatCost(row.cost_per_generation),
    isNumber: true,
  },
  {
    key: 'tokens',
    name: 'Tokens each',
    value: (row) => row.tokens_per_generation,
    show: ({ tokens_per_generation: tokens }) => (tokens === null ? NONE : formatCount(Math.round(tokens))),
    isNumber: true,
  },
  {
    key: 'generations',
    name: 'Generations',
    value: ({ generations }) => generations,
    show: ({ generations }) => formatCount(generations),
    isNumber: true,
  },
  {
    key: 'change',
    name: 'Beside the one before',
    value: ({ change }) => change,
    show: ({ change, before, is_small: isSmall }) =>
      change === null || before === null ? (
        NONE
      ) : (
        <span className="inline-flex items-center gap-2">
          {formatChange({ kind: 'ratio', by: change })} to v{before.version} (
          {formatCost(before.cost_per_generation)}, {formatCount(before.generations)} generations)
          {isSmall && <Badge>few: may be chance</Badge>}
        </span>
      ),
    isNumber: true,
  },
]

import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { DataTable, type ShownColumn, TableFiles } from '#components/usage/data-table.tsx'
import { formatCount, NONE } from '#components/usage/format-usage.ts'
import type { VersionQuality } from '#lib/outcomes/schema.ts'
import { scoreWords, shareWords } from './words.ts'

type Column = ShownColumn<VersionQuality>

const COLUMNS: readonly Column[] = [
  { key: 'version', name: 'Version', value: ({ version }) => version, show: ({ version }) => `v${version}` },
  count('reported', 'Reports', ({ reported }) => reported),
  count('successes', 'Successes', ({ successes }) => successes),
  count('failures', 'Failures', ({ failures }) => failures),
  {
    key: 'rate',
    name: 'Success, 95 % interval',
    value: ({ success_rate: rate }) => rate.value,
    show: ({ success_rate: rate, too_few: isFew }) => `${shareWords(rate)}${isFew ? ', too few' : ''}`,
    isNumber: true,
  },
  {
    key: 'score',
    name: 'Mean score',
    value: ({ score }) => score?.value ?? null,
    show: ({ score, scored }) => (score === null ? NONE : `${scoreWords(score)} of ${formatCount(scored)}`),
    isNumber: true,
  },
]

/** Columns that the file has besides: the ends of the intervals. */
const FILE_COLUMNS: readonly Column[] = [
  ...COLUMNS,
  { key: 'rate_low', name: 'Success, low', value: ({ success_rate: rate }) => rate.low },
  { key: 'rate_high', name: 'Success, high', value: ({ success_rate: rate }) => rate.high },
  { key: 'score_low', name: 'Score, low', value: ({ score }) => score?.low ?? null },
  { key: 'score_high', name: 'Score, high', value: ({ score }) => score?.high ?? null },
]

function count(key: string, name: string, value: (row: VersionQuality) => number): Column {
  return { key, name, value, show: (row) => formatCount(value(row)), isNumber: true }
}

/** The figures of the chart as a table, and as a file. */
export function QualityTable({ prompt, versions }: { prompt: string; versions: readonly VersionQuality[] }) {
  const name = 'Quality by version'
  return (
    <div>
      <div className="mb-1 flex justify-end print:hidden">
        <TableFiles name={name} fileName={`${prompt}-quality`} columns={FILE_COLUMNS} rows={versions} />
      </div>
      <ScrollRegion name={`${name}, table`} className="overflow-x-auto">
        <DataTable name={name} columns={COLUMNS} rows={versions} rowKey={({ version }) => String(version)} />
      </ScrollRegion>
    </div>
  )
}

import { formatMoment, formatNumber } from '#components/ui/format.ts'
import type { System } from '#lib/health/system-schema.ts'
import { formatShare } from './format-system.ts'
import { FactTable, Nothing, Part } from './parts.tsx'

/** What this instance has logged lately. */
export function RecentTroubles({ troubles }: { troubles: System['recent'] }) {
  return (
    <Part
      id="troubles"
      title="Last warnings and errors"
      hint="Of the instance that answers this page, since its start, 50 at most. The log has all, of every instance."
    >
      {troubles.length === 0 ? (
        <Nothing>None since the start.</Nothing>
      ) : (
        <FactTable name="Last warnings and errors" columns={['When', 'What', 'Request']}>
          {troubles.map((trouble, n) => (
            <tr key={`${trouble.at} ${n}`} className="align-top" data-volatile>
              <td className="whitespace-nowrap">
                <time dateTime={trouble.at}>{formatMoment(trouble.at)}</time>
              </td>
              <td className="min-w-64 [overflow-wrap:anywhere]">
                <span className={trouble.level === 'warn' ? 'text-ink-faint' : 'text-rubric'}>
                  {trouble.level}
                </span>{' '}
                {trouble.message}
                {trouble.error !== null && (
                  <span className="block text-ink-soft text-xs">{trouble.error}</span>
                )}
              </td>
              <td className="whitespace-nowrap text-ink-faint text-xs">{trouble.request_id ?? 'none'}</td>
            </tr>
          ))}
        </FactTable>
      )}
    </Part>
  )
}

/** The statements of this instance that took longest. */
export function SlowStatements({ statements }: { statements: System['slow_statements'] }) {
  return (
    <Part
      id="statements"
      title="Slowest statements"
      hint="Of the instance that answers this page: the last ones that took longer than limits.slow_statement_ms."
    >
      {statements.length === 0 ? (
        <Nothing>None took long.</Nothing>
      ) : (
        <FactTable name="Slowest statements" columns={['Statement', 'Took', 'When']}>
          {statements.map((statement, n) => (
            <tr key={`${statement.at} ${n}`} className="align-top" data-volatile>
              <th scope="row" className="min-w-64 font-normal [overflow-wrap:anywhere]">
                {statement.name}
                <code className="line-clamp-2 text-ink-faint text-xs">{statement.text}</code>
              </th>
              <td className="whitespace-nowrap">{formatNumber(statement.milliseconds)} ms</td>
              <td className="whitespace-nowrap">
                <time dateTime={statement.at}>{formatMoment(statement.at)}</time>
              </td>
            </tr>
          ))}
        </FactTable>
      )}
    </Part>
  )
}

/** What this instance keeps in memory. */
export function Caches({ caches }: { caches: System['caches'] }) {
  return (
    <Part id="caches" title="Caches" hint="Of the instance that answers this page, since its start.">
      {caches.length === 0 ? (
        <Nothing>Nothing was kept yet.</Nothing>
      ) : (
        <FactTable name="Caches" columns={['Cache', 'Entries', 'Found', 'Read', 'Share found']}>
          {caches.map(({ name, entries, hits, misses }) => (
            <tr key={name} data-volatile>
              <th scope="row" className="whitespace-nowrap font-normal">
                {name}
              </th>
              <td>{formatNumber(entries)}</td>
              <td>{formatNumber(hits)}</td>
              <td>{formatNumber(misses)}</td>
              <td>{formatShare(hits, misses) ?? 'not asked yet'}</td>
            </tr>
          ))}
        </FactTable>
      )}
    </Part>
  )
}

import { counted } from '#components/ui/format.ts'
import type { System } from '#lib/health/system-schema.ts'
import { formatLength } from './format-system.ts'
import { FactTable, Nothing, Part } from './parts.tsx'

/** A clock that is further off than this is told. */
const CLOCK_MS = 2_000

/** The processes that serve this database. */
export function InstanceTable({ system }: { system: System }) {
  const { instances, app, checked_at } = system
  const since = (moment: string) => formatLength((Date.parse(checked_at) - Date.parse(moment)) / 1000)
  return (
    <Part
      id="instances"
      title="Instances"
      hint="Processes that serve this database. One that gives no sign of life for half a minute is off the list."
    >
      {instances === null || instances.length === 0 ? (
        <Nothing>
          {instances === null
            ? 'The database does not answer.'
            : 'None has given a sign of life yet. It comes within seconds.'}
        </Nothing>
      ) : (
        <FactTable
          isEven
          name="Instances"
          columns={['Host', 'Process', 'Version', 'Started', 'Last seen', 'Clock']}
        >
          {instances.map((each) => (
            <tr key={each.id}>
              <th scope="row" className="font-normal [overflow-wrap:anywhere]" data-volatile>
                {each.host}
                {each.id === app.id && <span className="text-ink-faint"> (this one)</span>}
              </th>
              <td data-volatile>{each.pid}</td>
              <td>
                {each.version}
                {each.commit !== null && (
                  <span className="block text-ink-faint text-xs" data-volatile>
                    {each.commit}
                  </span>
                )}
              </td>
              <td className="whitespace-nowrap" data-volatile>
                {since(each.started_at)} ago
              </td>
              <td className="whitespace-nowrap" data-volatile>
                {since(each.seen_at)} ago
              </td>
              <td className="whitespace-nowrap">{clock(each.clock_ms)}</td>
            </tr>
          ))}
        </FactTable>
      )}
    </Part>
  )
}

function clock(ms: number): string {
  if (Math.abs(ms) < CLOCK_MS) return 'right'
  return `${counted(Math.round(Math.abs(ms) / 1000), 'second')} ${ms > 0 ? 'ahead' : 'behind'}`
}

import { counted, formatNumber } from '#components/ui/format.ts'
import type { System } from '#lib/health/system-schema.ts'
import { printBytes } from '#lib/text.ts'
import { Fact, Facts, Nothing, Part } from './parts.tsx'

/** From this share of the server's connections on it is near its limit. */
const NEAR = 0.8

/** The database of the installation, and its replicas. */
export function DatabaseFacts({ system }: { system: System }) {
  const { database, replicas } = system
  return (
    <Part id="database" title="Database">
      {database === null ? (
        <Nothing>The database does not answer.</Nothing>
      ) : (
        <Facts>
          <Fact name="Server">
            PostgreSQL {database.version}
            {database.embedded && ', brought along by Incipit'}
          </Fact>
          <Fact name="Size">
            <span data-volatile>{printBytes(database.size_bytes)}</span>
          </Fact>
          <Connections connections={database.connections} />
          <Migrations migrations={database.migrations} />
          {replicas.map((replica) => (
            <Fact key={replica.name} name={`Replica ${replica.name}`} isFine={replica.in_use}>
              {replica.in_use ? 'is asked' : 'rests: it does not answer, or is too far behind'},{' '}
              <span data-volatile>{formatNumber(replica.lag_ms)} ms behind</span>
            </Fact>
          ))}
          {replicas.length === 0 && <Fact name="Replicas">none</Fact>}
        </Facts>
      )}
    </Part>
  )
}

type DatabaseState = NonNullable<System['database']>

function Connections({ connections }: { connections: DatabaseState['connections'] }) {
  const { used, limit, own } = connections
  return (
    <Fact name="Connections" isFine={used < NEAR * limit && own.waiting === 0}>
      <span data-volatile>
        {used} of {limit} of the server; {own.busy + own.idle} of {own.most} of this instance, {own.busy} busy
        {own.waiting > 0 && `, ${counted(own.waiting, 'request')} waiting`}
      </span>
    </Fact>
  )
}

function Migrations({ migrations }: { migrations: DatabaseState['migrations'] }) {
  const { applied, last, pending, unknown } = migrations
  return (
    <Fact name="Migrations" isFine={pending.length === 0 && unknown.length === 0}>
      {applied} applied, the last is {last ?? 'none'}
      {pending.length > 0 && `; not applied yet: ${pending.join(', ')}`}
      {unknown.length > 0 && `; of a newer version: ${unknown.join(', ')}`}
    </Fact>
  )
}

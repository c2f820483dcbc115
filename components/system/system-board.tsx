'use client'

import { useQuery } from '@tanstack/react-query'
import { SectionHead } from '#components/settings/section-head.tsx'
import { formatMoment } from '#components/ui/format.ts'
import type { Checks, System } from '#lib/health/system-schema.ts'
import { DatabaseFacts } from './database-facts.tsx'
import { formatLength } from './format-system.ts'
import { InstanceTable } from './instance-table.tsx'
import { Caches, RecentTroubles, SlowStatements } from './memory-tables.tsx'
import { Fact, Facts } from './parts.tsx'
import { systemQuery } from './queries.ts'
import { WorkFacts } from './work-facts.tsx'

/** How the installation is, read again every few seconds while the page is open. */
export function SystemBoard({ first, readAt }: { first: System; readAt: number }) {
  const { data: system, error } = useQuery({
    ...systemQuery,
    initialData: first,
    initialDataUpdatedAt: readAt,
  })
  return (
    <section aria-labelledby="system">
      <SectionHead id="system" title="System">
        How this installation is. The page reads it again every five seconds.
      </SectionHead>
      <p className="mt-3 text-ink-faint text-xs" data-volatile>
        {error === null ? 'As of' : 'It cannot be read now. As of'}{' '}
        <time dateTime={system.checked_at}>{formatMoment(system.checked_at)}</time>
      </p>
      <Overview system={system} />
      <InstanceTable system={system} />
      <DatabaseFacts system={system} />
      <WorkFacts system={system} />
      <RecentTroubles troubles={system.recent} />
      <SlowStatements statements={system.slow_statements} />
      <Caches caches={system.caches} />
    </section>
  )
}

function Overview({ system }: { system: System }) {
  const { app, checks, background_work } = system
  return (
    <div className="mt-3">
      <Facts>
        <Fact name="Status" isFine={system.status === 'healthy'}>
          {system.status}
        </Fact>
        <Fact name="Version">
          {app.version}, Node {app.node}
          {app.commit !== null && <span data-volatile>, commit {app.commit}</span>}
        </Fact>
        <Fact name="Running for">
          <span data-volatile>{formatLength(app.uptime_seconds)}</span>
        </Fact>
        <Fact name="Database" isFine={checks.database === 'up'}>
          {checks.database === 'up' ? 'answers' : 'does not answer'}
        </Fact>
        <Fact name="Changes" isFine={checks.changes === 'ok' && checks.disk === 'ok'}>
          {changesIn(checks)}
        </Fact>
        <Fact name="Change feed" isFine={checks.change_feed === 'listening'}>
          {checks.change_feed === 'listening' ? 'hears what other instances change' : 'away'}
        </Fact>
        <Fact name="Background work" isFine={background_work.state === 'up'}>
          {backgroundIn(background_work)}
        </Fact>
      </Facts>
    </div>
  )
}

function changesIn({ disk, changes, connections, locks }: Checks): string {
  if (disk === 'full') return 'the disk is full'
  if (changes === 'read_only') return 'read-only'
  if (connections === 'used_up') return 'are taken, but the connections were used up a moment ago'
  return locks === 'held' ? 'are taken, but one waited too long for another a moment ago' : 'are taken'
}

function backgroundIn({ state, runner }: System['background_work']): string {
  if (state === 'silent') return 'nobody does it: generations stay queued'
  if (runner === null) return 'has not started'
  return runner === 'embedded' ? 'is done by the embedded runner' : 'is done by an Inngest server'
}

'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { Ratings } from '#components/outcomes/ratings.tsx'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { formatMoment } from '#components/ui/format.ts'
import { LongText } from '#components/ui/long-text.tsx'
import type { Generation, UsualFigures } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { Answer } from '../answer/answer.tsx'
import { FailedAnswer } from '../answer/failed-answer.tsx'
import type { LiveGeneration } from '../follow/live-generation.ts'
import { useElapsed, useLiveGeneration, useStop } from '../follow/use-live-generation.ts'
import { generationQuery } from '../queries.ts'
import { StatusMark } from '../status-mark.tsx'
import { Attempts } from './attempts.tsx'
import { GenerationFacts } from './generation-facts.tsx'
import { HowFast } from './how-fast.tsx'
import { RunAgain } from './run-again.tsx'
import { Waterfall } from './waterfall.tsx'
import { SentConfiguration, SentMessages, SentSettings, SentValues } from './what-was-sent.tsx'

export interface GenerationPageProps {
  /** As the server read it. */
  first: Generation
  /** Of its prompt. */
  title: string
  /** Names of the configurations that it can be run with again. */
  configurations: readonly string[]
  /** Said of a provider that is no model. */
  note: string | null
  /** The usual figures of its configuration; undefined: too little is known. */
  usual: UsualFigures | undefined
}

/** How often the attempts of one that runs are read. */
const ATTEMPTS_MS = 2_000

/** Everything about one generation; while it runs, as it comes. */
export function GenerationPage({ first, title, configurations, note, usual }: GenerationPageProps) {
  const live = useLiveGeneration(first)
  const isOpen = !isFinished(live.status)
  // Attempts are in the stream by their texts alone.
  const { data: read } = useQuery({
    ...generationQuery(first.id),
    initialData: first,
    enabled: isOpen,
    refetchInterval: ATTEMPTS_MS,
  })
  const generation = live.generation ?? read
  const isErased = generation.redacted_at !== null
  const failure = live.status === 'failed' ? generation.error : null
  return (
    <>
      <header className="pt-6 pb-8">
        <Trail prompt={first.prompt} id={first.id} />
        <div className="mt-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <h1 className="rubricated min-w-0 max-w-4xl break-words font-serif text-4xl leading-[1.1] tracking-tight">
            {title}
          </h1>
          <Actions generation={generation} live={live} configurations={configurations} />
        </div>
        <StatusLine generation={generation} live={live} />
        {!isOpen && <HowFast generation={generation} usual={usual} />}
      </header>
      <div className="grid gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-12">
          {failure !== null && <FailedAnswer error={failure} prompt={generation.prompt} />}
          {isFiltered(generation) && <FailedAnswer error={FILTERED} prompt={generation.prompt} />}
          {isErased ? (
            <Erased at={generation.redacted_at} />
          ) : (
            // A failure without a text has no answer to show.
            (failure === null || live.text !== '') && <Answer live={live} note={note} />
          )}
          <section aria-labelledby="attempts-heading">
            <h2 id="attempts-heading" className="mb-3 font-serif text-xl">
              Attempts
            </h2>
            <Waterfall generation={generation} />
            <Attempts attempts={generation.attempts} askedAt={generation.created_at} />
          </section>
          {!isErased && <SentMessages generation={generation} />}
        </div>
        <div className="flex min-w-0 flex-col gap-12">
          <GenerationFacts generation={generation} usual={usual} />
          {!isOpen && <Ratings generation={generation} />}
          {!isErased && <SentValues variables={generation.variables} />}
          {!isErased && <SentSettings settings={generation.settings} />}
          <SentConfiguration configuration={generation.configuration_as_it_was} />
        </div>
      </div>
    </>
  )
}

/** Answered, but the provider's filter kept the answer to itself, or cut it. */
function isFiltered({ status, finish_reason: reason }: Generation): boolean {
  return status === 'succeeded' && reason === 'content_filter'
}

const FILTERED = { code: 'content_filter', message: 'The provider’s filter ended the answer.' }

/** Stands in the place of texts that were erased along with their version. */
function Erased({ at }: { at: string | null }) {
  return (
    <section aria-labelledby="erased-heading">
      <h2 id="erased-heading" className="mb-3 font-serif text-xl">
        Erased
      </h2>
      <p className="max-w-prose rounded-xl border border-line bg-surface px-4 py-5 text-sm sm:px-6">
        What was sent and answered was erased together with the version that it was made from
        {at !== null && (
          <>
            , at <time dateTime={at}>{formatMoment(at)}</time>
          </>
        )}
        . Its figures stay.
      </p>
    </section>
  )
}

function Trail({ prompt, id }: { prompt: string; id: string }) {
  const link = 'rounded text-ink-soft underline-offset-4 hover:text-ink hover:underline'
  return (
    <nav aria-label="Breadcrumb" className="text-sm print:hidden">
      <ol className="flex flex-wrap items-center gap-x-2 gap-y-1 [&>li+li]:before:mr-2 [&>li+li]:before:text-ink-faint [&>li+li]:before:content-['/']">
        <li>
          <Link href="/generations" className={link}>
            Generations
          </Link>
        </li>
        <li className="min-w-0">
          <Link href={`/prompts/${prompt}/generations`} className={`${link} break-all font-mono text-xs`}>
            {prompt}
          </Link>
        </li>
        <li className="min-w-0">
          <span aria-current="page" className="break-all font-mono text-xs">
            {id}
          </span>
        </li>
      </ol>
    </nav>
  )
}

function Actions({
  generation,
  live,
  configurations,
}: {
  generation: Generation
  live: LiveGeneration
  configurations: readonly string[]
}) {
  const { id, configuration, redacted_at: erasedAt } = generation
  const { stop, isStopping } = useStop(id)
  const isOpen = !isFinished(live.status)
  // There is nothing left to run again.
  if (erasedAt !== null && !isOpen) return null
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      <Link href={`/playground?from=${id}`} className={buttonClass('outline')}>
        Open in the playground
      </Link>
      {isOpen ? (
        <Button look="primary" isDisabled={isStopping} onPress={stop}>
          {isStopping ? 'Stopping …' : 'Stop'}
        </Button>
      ) : (
        <RunAgain
          id={id}
          name={live.status === 'failed' ? 'Retry' : 'Run again'}
          configurations={configurations.filter((name) => name !== configuration)}
        />
      )}
    </div>
  )
}

function StatusLine({ generation, live }: { generation: Generation; live: LiveGeneration }) {
  const { version, label, is_draft: isDraft, created_at: at, retry_of: origin } = generation
  const isOpen = !isFinished(live.status)
  const elapsed = useElapsed(isOpen ? Date.parse(at) : undefined)
  return (
    <>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <output>
          <StatusMark status={live.status} />
        </output>
        {isOpen && (
          <p className="text-ink-soft tabular-nums">
            {live.status === 'queued'
              ? 'waits for its turn'
              : `${live.configuration || generation.configuration} is asked`}
            {live.attempt > 1 && `, attempt ${live.attempt}`}
            {elapsed !== undefined && `, ${elapsed} s`}
          </p>
        )}
        <p className="flex flex-wrap items-center gap-1">
          <Link
            href={`/prompts/${generation.prompt}?version=${version}`}
            className="rounded text-lapis underline-offset-4 hover:underline"
          >
            version {version}
          </Link>
          {label !== null && <Badge tone={label === 'production' ? 'rubric' : 'lapis'}>{label}</Badge>}
          {isDraft && <Badge tone="lapis">edited, not saved</Badge>}
        </p>
        {origin !== null && (
          <Link
            href={`/generations/${origin}`}
            className="rounded text-lapis underline-offset-4 hover:underline"
          >
            run again from an earlier one
          </Link>
        )}
      </div>
      {isOpen && live.lastError !== null && (
        <p className="mt-2 text-ink-soft text-sm">The attempt before failed: {live.lastError.message}</p>
      )}
    </>
  )
}

/** A generation whose texts are too long to come with its page. */
export function LongGeneration({
  id,
  excerpt,
  ...page
}: { id: string; excerpt: string } & Omit<GenerationPageProps, 'first'>) {
  const { data, error, refetch } = useQuery(generationQuery(id))
  if (data !== undefined) return <GenerationPage first={data} {...page} />
  return (
    <LongText
      what="This generation"
      excerpt={excerpt}
      href={`/api/generations/${id}`}
      failure={error === null ? undefined : failureText(error)}
      onRetry={() => void refetch()}
    />
  )
}

'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type Filters, isNarrowed } from '../filters.ts'
import { useSamplePrompt } from '../use-sample-prompt.ts'
import type { ChangeFilters } from './filter-link.tsx'

const NO_FILTERS = { q: null, category: null, tag: null, label: null, archived: null }

/** An empty list: because of the filters, or because there is no prompt at all. */
export function NothingFound({
  filters,
  onChange,
  isStale,
}: {
  filters: Filters
  onChange: ChangeFilters
  isStale: boolean
}) {
  if (isStale) return null
  if (!isNarrowed(filters)) return <FirstPrompt />
  const onlyArchive = filters.archived !== null && !isNarrowed({ ...filters, archived: null })
  if (onlyArchive)
    return (
      <EmptyState
        title="The archive is empty"
        action={
          <Button look="primary" onPress={() => onChange(NO_FILTERS)}>
            Show the prompts in use
          </Button>
        }
      >
        <p>An archived prompt keeps its name and its versions, and can be brought back.</p>
      </EmptyState>
    )
  return (
    <EmptyState
      title="Nothing fits"
      action={
        <Button look="primary" onPress={() => onChange(NO_FILTERS)}>
          Show all prompts
        </Button>
      }
    >
      <p>
        {filters.q === null
          ? 'No prompt fits all of these filters.'
          : `No prompt holds “${filters.q}” in its name, title, description or text${isNarrowed({ ...filters, q: null }) ? ' and fits the filters' : ''}.`}
      </p>
    </EmptyState>
  )
}

/** No prompt is there yet: a sample is one press away. */
function FirstPrompt() {
  const router = useRouter()
  const reason = useReasonAgainst('prompts:write')
  const create = useSamplePrompt((name) => router.push(`/prompts/${name}`))
  return (
    <EmptyState
      title="Begin with a prompt"
      action={
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-2">
            <Button
              look="primary"
              reason={reason}
              isDisabled={create.isPending}
              onPress={() => create.mutate()}
            >
              {create.isPending ? 'Creating …' : 'Create a sample prompt'}
            </Button>
            {reason === undefined && (
              <>
                <Link href="/prompts/new" className={buttonClass('outline')}>
                  Write one of your own
                </Link>
                <Link href="/import" className={buttonClass('outline')}>
                  Import prompts
                </Link>
              </>
            )}
          </div>
          {create.error && (
            <p role="alert" className="text-rubric text-sm">
              {create.error.message}
            </p>
          )}
        </div>
      }
    >
      <p>
        A prompt is a text with variables. Try it here, then let your agents get it over MCP or REST by its
        name.
      </p>
    </EmptyState>
  )
}

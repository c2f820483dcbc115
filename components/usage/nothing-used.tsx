'use client'

import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type ChangeUsage, NARROWING, rangeOf, type UsageState } from './usage-state.ts'

/** Why there is nothing to see, and the one way to see something. */
export function NothingUsed({ state, onChange }: { state: UsageState; onChange: ChangeUsage }) {
  if (NARROWING.some((key) => state[key] !== null))
    return (
      <EmptyState
        title="Nothing fits"
        action={
          <Button
            look="primary"
            onPress={() => onChange({ prompt: null, version: null, surface: null, client: null })}
          >
            Clear the filters
          </Button>
        }
      >
        Nothing that fits these filters was used in this span.
      </EmptyState>
    )
  if (rangeOf(state) !== '90d')
    return (
      <EmptyState
        title="Not used in this span"
        action={
          <Button look="primary" onPress={() => onChange({ range: '90d', from: null, to: null })}>
            Show 90 days
          </Button>
        }
      >
        No prompt was read or rendered, and no tool called. A use shows here within a second.
      </EmptyState>
    )
  return (
    <EmptyState
      title="Not used yet"
      action={
        <Link href="/connect" className={buttonClass('primary')}>
          Connect an agent
        </Link>
      }
    >
      Uses over MCP and REST are counted here, by prompt, version and client, within a second.
    </EmptyState>
  )
}

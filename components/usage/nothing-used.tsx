'use client'

import Link from 'next/link'
import { type ReactNode, useEffect, useRef } from 'react'
import { DEFAULT_RANGE, RANGE_NAMES } from '#components/spans/span.ts'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type ChangeUsage, NARROWING, rangeOf, type UsageState } from './usage-state.ts'

/**
 * Why there is nothing to see, and the one way to see something.
 * @param takesFocus what had the focus may have gone with the charts
 */
export function NothingUsed({
  state,
  takesFocus,
  onChange,
}: {
  state: UsageState
  takesFocus: boolean
  onChange: ChangeUsage
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (takesFocus && document.activeElement === document.body)
      box.current?.querySelector<HTMLElement>('button, a')?.focus()
  }, [takesFocus])
  return <div ref={box}>{emptyOf(state, onChange)}</div>
}

function emptyOf(state: UsageState, onChange: ChangeUsage): ReactNode {
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
  const range = rangeOf(state)
  if (range !== '90d') return <EmptySpan state={state} onChange={onChange} />
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

function EmptySpan({ state, onChange }: { state: UsageState; onChange: ChangeUsage }) {
  const isCustom = rangeOf(state) === undefined
  const home = state.range ?? DEFAULT_RANGE
  return (
    <EmptyState
      title="Not used in this span"
      action={
        <Button
          look="primary"
          onPress={() =>
            onChange(isCustom ? { from: null, to: null } : { range: '90d', from: null, to: null })
          }
        >
          {isCustom ? `Back to ${RANGE_NAMES[home]}` : 'Show 90 days'}
        </Button>
      }
    >
      No prompt was read or rendered, and no tool called.
      {!isCustom && ' A use shows here within a second.'}
    </EmptyState>
  )
}

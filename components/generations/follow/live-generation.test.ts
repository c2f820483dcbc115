import { describe, expect, it } from 'vitest'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { aGeneration } from '#lib/testing/models/generation.ts'
import { hearEvent, leavesGap, liveOf, UNKNOWN } from './live-generation.ts'

const state = (attempt: number, configuration = 'one'): GenerationEvent => ({
  type: 'state',
  status: 'running',
  attempt,
  configuration,
})
const text = (attempt: number, position: number, piece: string): GenerationEvent => ({
  type: 'text',
  attempt,
  position,
  text: piece,
})
const finished = (facts: Partial<Generation>): GenerationEvent => ({
  type: 'finished',
  generation: aGeneration(facts),
})
const hear = (...events: GenerationEvent[]) => events.reduce(hearEvent, UNKNOWN)

describe('a generation that is followed', () => {
  it('grows by what arrives', () => {
    const live = hear(state(1), text(1, 0, 'Good '), text(1, 5, 'day'))
    expect(live).toMatchObject({ status: 'running', attempt: 1, configuration: 'one', text: 'Good day' })
  })

  it('counts what arrives twice once, also where a piece overlaps', () => {
    const live = hear(text(1, 0, 'Good '), text(1, 0, 'Good '), text(1, 3, 'd day'))
    expect(live.text).toBe('Good day')
    expect(hearEvent(live, text(1, 4, ' day'))).toBe(live)
  })

  it('begins anew with another attempt, and says why', () => {
    const error = { code: 'rate_limited', message: 'Too many requests' }
    const live = hear(state(1), text(1, 0, 'Half'), { type: 'restart', attempt: 2, error }, state(2, 'two'))
    expect(live).toMatchObject({ attempt: 2, configuration: 'two', text: '', lastError: error })
    expect(hearEvent(live, text(1, 4, ' late'))).toBe(live)
    expect(hearEvent(live, text(2, 0, 'Whole')).text).toBe('Whole')
  })

  it('notices that a piece is missing', () => {
    const live = hear(text(1, 0, 'Good '))
    expect(leavesGap(live, text(1, 5, 'day'))).toBe(false)
    expect(leavesGap(live, text(1, 7, 'y'))).toBe(true)
    expect(leavesGap(live, text(2, 3, 'y'))).toBe(true)
  })

  it('ends with what was stored, and hears no more', () => {
    const live = hear(text(1, 0, 'Good'), finished({ status: 'succeeded', text: 'Good day.' }))
    expect(live).toMatchObject({ status: 'succeeded', text: 'Good day.' })
    expect(hearEvent(live, text(1, 4, ' more'))).toBe(live)
  })

  it('keeps what was seen when it was stopped before anything was stored', () => {
    expect(hear(text(1, 0, 'Half'), finished({ status: 'cancelled', text: null })).text).toBe('Half')
  })

  it('is made of one that was read', () => {
    expect(liveOf(aGeneration({ status: 'running', text: 'Half' }))).toMatchObject({
      status: 'running',
      text: 'Half',
      generation: undefined,
    })
  })
})

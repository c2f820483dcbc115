import { describe, expect, it } from 'vitest'
import type { GenerationEvent } from '#lib/generations/schema.ts'
import { aGeneration } from '#lib/testing/models/generation.ts'
import { changeRuns, isRunning, type Runs, type RunsChange } from './runs.ts'

const sent: RunsChange = { type: 'send', configurations: ['one', 'two'], keys: ['k1', 'k2'], at: 5 }
const text = (position: number, piece: string): GenerationEvent => ({
  type: 'text',
  attempt: 1,
  position,
  text: piece,
})
const hear = (configuration: string, key: string, ...events: GenerationEvent[]): RunsChange => ({
  type: 'hear',
  heard: events.map((event) => ({ configuration, key, event })),
})
const accepted: RunsChange = { type: 'accept', configuration: 'one', key: 'k1', generation: aGeneration() }
const after = (...changes: RunsChange[]): Runs => changes.reduce(changeRuns, {})

describe('the runs of a playground', () => {
  it('grow apart from each other', () => {
    const runs = after(sent, accepted, hear('one', 'k1', text(0, 'Good '), text(5, 'day')))
    expect(runs.one?.live.text).toBe('Good day')
    expect(runs.two?.live.text).toBe('')
    expect(Object.values(runs).every(isRunning)).toBe(true)
  })

  it('keep what has arrived when they are stopped, and hear of their end alone', () => {
    const stopped = after(
      sent,
      accepted,
      hear('one', 'k1', text(0, 'Good ')),
      { type: 'stop', configurations: ['one'] },
      hear('one', 'k1', text(5, 'day')),
    )
    expect(stopped.one).toMatchObject({ isStopped: true, live: { text: 'Good ' } })
    const ended = changeRuns(
      stopped,
      hear('one', 'k1', {
        type: 'finished',
        generation: aGeneration({ status: 'cancelled', text: 'Good d', output_tokens: 2 }),
      }),
    )
    expect(ended.one?.live).toMatchObject({ status: 'cancelled', text: 'Good d' })
  })

  it('are stopped even before the server has answered', () => {
    const runs = after(sent, { type: 'stop', configurations: ['one'] }, accepted)
    expect(runs.one).toMatchObject({ isStopped: true, id: aGeneration().id })
  })

  it('begin anew with another run; what belongs to the one before is not heard', () => {
    const again: RunsChange = { type: 'send', configurations: ['one'], keys: ['k3'], at: 9 }
    const runs = after(sent, accepted, again, hear('one', 'k1', text(0, 'late')))
    expect(runs.one).toMatchObject({ key: 'k3', live: { text: '' } })
    expect(runs.two?.key).toBe('k2')
  })

  it('tell what was refused, one by one', () => {
    const runs = after(sent, { type: 'refuse', configuration: 'two', key: 'k2', error: new Error('No key') })
    expect(runs.two?.refused?.message).toBe('No key')
    expect(runs.two && isRunning(runs.two)).toBe(false)
    expect(runs.one && isRunning(runs.one)).toBe(true)
  })

  it('come back after a reload, but never over a newer one', () => {
    const runs = after(sent, { type: 'restore', ids: { one: 'x', three: 'y' }, at: 1 })
    expect(runs.one?.key).toBe('k1')
    expect(runs.three).toMatchObject({ id: 'y', key: 'y' })
  })
})

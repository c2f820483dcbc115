import { expect, test } from 'vitest'
import type { ChangeEvent } from '#lib/changes/schema.ts'
import { labelMoves, moveWords, withMove } from './label-news.ts'

function change(...changes: Partial<ChangeEvent['changes'][number]>[]): ChangeEvent {
  const whole = {
    action: 'label.set',
    kind: 'prompt',
    id: '1',
    name: 'greet',
    version: null,
    label: null,
    labels: [],
  }
  return {
    revision: 1,
    occurred_at: '2026-11-28T12:00:00.000Z',
    actor: { id: '1', display: 'Ada', kind: 'user' },
    request_id: null,
    changes: changes.map((each) => ({ ...whole, ...each })),
    total: changes.length,
  }
}

test('labels that were set, moved with a new version, or taken away are told; other changes are not', () => {
  const event = change(
    { label: 'production', version: 2 },
    { action: 'version.create', labels: ['staging'], version: 3 },
    { action: 'label.delete', label: 'old', version: 1 },
    { action: 'version.create', version: 4 },
    { kind: 'category', action: 'update' },
  )
  expect(labelMoves(event)).toEqual([
    { prompt: 'greet', label: 'production', version: 2 },
    { prompt: 'greet', label: 'staging', version: 3 },
    { prompt: 'greet', label: 'old', version: null },
  ])
  expect(moveWords('Ada', labelMoves(event))).toBe(
    'Ada moved production of “greet” to version 2, and 2 more.',
  )
})

test('a label moves, comes, and goes', () => {
  const labels = [{ label: 'production', version: 1 }]
  expect(withMove(labels, { label: 'production', version: 2 })).toEqual([{ label: 'production', version: 2 }])
  expect(withMove(labels, { label: 'beta', version: 3 })).toEqual([
    { label: 'beta', version: 3 },
    { label: 'production', version: 1 },
  ])
  expect(withMove(labels, { label: 'production', version: null })).toEqual([])
})

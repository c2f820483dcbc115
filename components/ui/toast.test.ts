import { beforeEach, describe, expect, it } from 'vitest'
import { closeToast, shownToasts, showToast, watchToasts } from './toast.ts'

const messages = () => shownToasts().map(({ message }) => message)

beforeEach(() => {
  for (const { id } of shownToasts()) closeToast(id)
})

describe('toasts', () => {
  it('stack, the newest last, and no more than four', () => {
    for (const message of ['a', 'b', 'c', 'd', 'e']) showToast({ message })
    expect(messages()).toEqual(['b', 'c', 'd', 'e'])
  })

  it('take the place of one with the same key', () => {
    showToast({ message: 'Archived 1', key: 'archive' })
    showToast({ message: 'other' })
    showToast({ message: 'Archived 2', key: 'archive' })
    expect(messages()).toEqual(['other', 'Archived 2'])
  })

  it('stay longer with an action, and a failure until it is closed', () => {
    const action = { label: 'Undo', run: () => undefined }
    showToast({ message: 'plain' })
    showToast({ message: 'undo', action })
    const close = showToast({ message: 'failed', tone: 'failure', action })
    const [plain, undo, failed] = shownToasts()
    expect(undo?.shownFor).toBeGreaterThan(plain?.shownFor ?? Number.NaN)
    expect(failed?.shownFor).toBeUndefined()
    close()
    expect(messages()).toEqual(['plain', 'undo'])
  })

  it('tell their watchers of each change, and of nothing else', () => {
    let calls = 0
    const stop = watchToasts(() => {
      calls += 1
    })
    const close = showToast({ message: 'seen' })
    close()
    close()
    stop()
    showToast({ message: 'unseen' })
    expect(calls).toBe(2)
  })
})

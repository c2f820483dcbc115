import { expect, it } from 'vitest'
import type { Problem } from '#lib/rest/client.ts'
import { createProof } from './proof.tsx'

const ENDED: Problem = { status: 401, code: 'unauthenticated', title: 'Not signed in', detail: 'Sign in.' }
const STALE: Problem = { ...ENDED, status: 403, code: 'forbidden', code_hint: 'fresh_sign_in_required' }
const READ = { isChange: false }
const CHANGE = { isChange: true }

function proofOf() {
  const shown: unknown[] = []
  let refreshed = 0
  const proof = createProof(
    ({ asked, isSignedOut }) => shown.push([asked, isSignedOut]),
    () => {
      refreshed += 1
    },
  )
  return { ...proof, shown, refreshed: () => refreshed }
}

it('asks once for all requests that were refused together, and answers all of them', async () => {
  const { recover, settle, shown, refreshed } = proofOf()
  const answers = Promise.all([recover(ENDED, READ), recover(ENDED, CHANGE)])
  settle(true)
  expect(await answers).toEqual([true, true])
  expect(shown).toEqual([
    ['ended', false],
    ['ended', false],
    [undefined, false],
  ])
  expect(refreshed()).toBe(1)
})

it('leaves whoever stays signed out alone until they change something or ask for it', async () => {
  const { recover, settle, ask, shown } = proofOf()
  const first = recover(ENDED, READ)
  settle(false)
  expect(await first).toBe(false)
  expect(shown.at(-1)).toEqual([undefined, true])
  expect(await recover(ENDED, READ)).toBe(false)
  expect(shown.at(-1)).toEqual([undefined, true])
  void recover(ENDED, CHANGE)
  expect(shown.at(-1)).toEqual(['ended', true])
  settle(false)
  void ask('ended')
  settle(true)
  expect(shown.at(-1)).toEqual([undefined, false])
})

it('says nobody is signed out where only a fresh sign-in was declined', async () => {
  const { recover, settle, shown, refreshed } = proofOf()
  const answer = recover(STALE, READ)
  expect(shown.at(-1)).toEqual(['fresh', false])
  settle(false)
  expect(await answer).toBe(false)
  expect(shown.at(-1)).toEqual([undefined, false])
  void recover(STALE, CHANGE)
  settle(true)
  expect(refreshed()).toBe(0)
})

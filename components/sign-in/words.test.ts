import { expect, it } from 'vitest'
import { faultsIn } from '#components/forms/use-form.ts'
import { type Problem, ProblemError } from '#lib/rest/client.ts'
import { strengthOf } from './new-password.tsx'
import { waitWords } from './wait.tsx'
import { FieldFault, isStepLost, linkFault, proofFault, singleSignOnFault } from './words.ts'

const NOW = 1_000_000

function refusal(status: number, more: Partial<Problem> = {}, retryAfter?: number) {
  return new ProblemError(
    { status, code: 'internal', title: 'No', detail: 'As the server says.', ...more },
    retryAfter,
  )
}

it('tells a wrong secret in its own words, and everything else in those of the server', () => {
  expect(proofFault(refusal(401), NOW, 'It is wrong.')).toEqual({ words: 'It is wrong.' })
  expect(proofFault(refusal(400), NOW, 'It is wrong.')).toEqual({ words: 'It is wrong.' })
  for (const status of [403, 409, 500, 503])
    expect(proofFault(refusal(status), NOW, 'It is wrong.')).toEqual({ words: 'As the server says.' })
  expect(proofFault(new Error('No answer.'), NOW, 'It is wrong.')).toEqual({ words: 'No answer.' })
})

it('tells how long to wait', () => {
  expect(proofFault(refusal(429, {}, 90), NOW, '')).toEqual({
    words: 'There were too many attempts. Try again in 2 minutes.',
    waitUntil: NOW + 90_000,
  })
  expect(proofFault(refusal(429), NOW, '').words).toContain('Try again later.')
  expect([1, 59, 60, 61, 840].map(waitWords)).toEqual([
    'a second',
    '59 seconds',
    'a minute',
    '2 minutes',
    '14 minutes',
  ])
})

it('knows when the first step is too long ago', () => {
  expect(isStepLost(refusal(401, { code_hint: 'invalid_two_factor_cookie' }))).toBe(true)
  expect(isStepLost(refusal(401))).toBe(false)
})

it('tells of a link that holds no more, and leaves other refusals as they are', () => {
  const ofToken = { in: 'body', path: ['token'], code: 'wrong', message: 'is wrong' } as const
  const errors = [{ ...ofToken, path: ['token'] }]
  for (const gone of [refusal(404), refusal(410), refusal(401), refusal(400, { errors })])
    expect(linkFault(gone, 'Gone.').message).toBe('Gone.')
  for (const other of [refusal(409), refusal(400), refusal(429), new Error('No answer.')])
    expect(linkFault(other, 'Gone.')).toBe(other)
})

it('tells the faults of a page at their fields', () => {
  expect(faultsIn(new FieldFault('link', 'This is no link.'), ['link'])).toEqual({ link: 'This is no link.' })
})

it('has words for every reason, known or not', () => {
  expect(singleSignOnFault('other_email')).toContain('another e-mail address')
  expect(singleSignOnFault('taken')).toContain('somebody else')
  expect(singleSignOnFault('<script>')).toContain('did not let you in')
})

it('counts the length of a password', () => {
  expect([0, 1, 11, 12, 15, 16].map((length) => strengthOf(length).step)).toEqual([0, 1, 1, 2, 2, 3])
  expect(strengthOf(11).words).toBe('Too short: 1 more.')
})

import { describe, expect, it } from 'vitest'
import { isAppError } from './errors.ts'
import { assertMatches, etagOf } from './etag.ts'

const prompt = { id: '0192a4b0-7c1e-7000-8000-00000abcdef1', revision: 7 }
const etag = '"0abcdef1-7"'

function refusal(ifMatch: string | undefined): unknown {
  try {
    return assertMatches(ifMatch, prompt)
  } catch (error) {
    return isAppError(error) ? [error.code, error.extra] : error
  }
}

describe('etags', () => {
  it('are strong, with the end of the id and the revision', () => {
    expect(etagOf(prompt)).toBe(etag)
  })

  it.each([etag, `W/${etag}`, '*', `"other", ${etag}`, ` ${etag} `])('match %s', (given) => {
    expect(refusal(given)).toBeUndefined()
  })

  it.each(['"0abcdef1-6"', '"other"', '0abcdef1-7', 'W/"other"', '"*"'])('do not match %s', (given) => {
    expect(refusal(given)).toEqual(['precondition_failed', { current_etag: etag }])
  })

  it.each([undefined, '', ' '])('are required: %j', (given) => {
    expect(refusal(given)).toEqual(['precondition_required', {}])
  })
})

import { describe, expect, it } from 'vitest'
import { createClient, type Recover } from './client.ts'

it('reads name the newest revision that an answer carried or that was heard of', async () => {
  const asked: (string | null)[] = []
  const answers = ['7', null, '3', null, null]
  const client = createClient({
    fetch: (_url, init) => {
      asked.push(new Headers(init?.headers).get('incipit-revision'))
      const revision = answers[asked.length - 1]
      const headers = new Headers(revision ? { 'incipit-revision': revision } : {})
      return Promise.resolve(Response.json({}, { headers }))
    },
  })
  const read = () => client.call('GET /api/prompts/{name}', { params: { name: 'a' } })
  await read()
  await read()
  client.hearOf(12)
  await read()
  client.hearOf(9)
  await read()
  expect(asked).toEqual([null, '7', '12', '12'])
})

describe('a request that is refused for want of a session', () => {
  const REFUSED = { status: 401, code: 'unauthenticated', title: 'Not signed in', detail: 'Sign in.' }
  const STALE = { ...REFUSED, status: 403, code: 'forbidden', code_hint: 'fresh_sign_in_required' }

  /** A client whose server answers in turn, and how often it was asked. */
  function clientOf(...answers: ({ status: number } | 'fine')[]) {
    const bodies: unknown[] = []
    const client = createClient({
      fetch: (_url, init) => {
        const answer = answers[bodies.length] ?? 'fine'
        bodies.push(init?.body)
        if (answer === 'fine') return Promise.resolve(Response.json({ fine: true }))
        return Promise.resolve(Response.json(answer, { status: answer.status }))
      },
    })
    return { client, bodies }
  }

  for (const refusal of [REFUSED, STALE])
    it(`is sent again, as it was, once the person has proved who they are: ${refusal.status}`, async () => {
      const { client, bodies } = clientOf(refusal)
      const asked: Parameters<Recover>[] = []
      client.recoverBy((...question) => {
        asked.push(question)
        return Promise.resolve(true)
      })
      expect(await client.send('POST /api/things', { body: { a: 1 } })).toEqual({ fine: true })
      expect(bodies).toEqual(['{"a":1}', '{"a":1}'])
      expect(asked).toMatchObject([[refusal, { isChange: true }]])
    })

  it('stays refused when nobody proves anything, when it is refused again, and when it is final', async () => {
    const cases = [
      { answers: [REFUSED], proves: false, isFinal: false, sent: 1 },
      { answers: [REFUSED, REFUSED], proves: true, isFinal: false, sent: 2 },
      { answers: [REFUSED], proves: true, isFinal: true, sent: 1 },
      { answers: [{ ...STALE, code_hint: undefined }], proves: true, isFinal: false, sent: 1 },
    ]
    for (const { answers, proves, isFinal, sent } of cases) {
      const { client, bodies } = clientOf(...answers)
      client.recoverBy(() => Promise.resolve(proves))
      await expect(client.send('GET /api/things', { isFinal })).rejects.toThrow('Sign in.')
      expect(bodies).toHaveLength(sent)
    }
  })
})

import { expect, it } from 'vitest'
import { createClient } from './client.ts'

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

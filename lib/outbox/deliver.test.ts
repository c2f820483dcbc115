import { describe, expect, it } from 'vitest'
import { deliver } from './deliver.ts'
import type { Target, Unsent } from './message.ts'

const messages = (...ids: string[]): Unsent[] =>
  ids.map((id) => ({
    workspaceId: 'w',
    id,
    target: 'jobs',
    subject: id,
    name: 'something/happened',
    data: {},
    tries: 0,
  }))

/** A target that refuses each batch with one of these in it. */
function targetWithout(...poison: string[]) {
  const calls: string[][] = []
  const target: Target = {
    isReady: () => true,
    send(sent) {
      calls.push(sent.map(({ id }) => id))
      return sent.some(({ id }) => poison.includes(id))
        ? Promise.reject(new Error('refused'))
        : Promise.resolve()
    },
  }
  return { target, calls }
}

async function run(target: Target, ids: string[]) {
  const taken: string[] = []
  const refused = await deliver(target, messages(...ids), (part) => {
    taken.push(...part.map(({ id }) => id))
    return Promise.resolve()
  })
  return { taken, refused: refused.map(({ message, wasTried }) => [message.id, wasTried]) }
}

describe('a batch', () => {
  it('is sent as one', async () => {
    const { target, calls } = targetWithout()
    expect(await run(target, ['a', 'b', 'c'])).toEqual({ taken: ['a', 'b', 'c'], refused: [] })
    expect(calls).toHaveLength(1)
  })

  it.each([['a'], ['d'], ['h'], ['c', 'f']])(
    'gets through but for what is at fault: %s',
    async (...poison) => {
      const { target } = targetWithout(...poison)
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      const { taken, refused } = await run(target, ids)
      expect(taken).toEqual(ids.filter((id) => !poison.includes(id)))
      expect(refused).toEqual(poison.map((id) => [id, true]))
    },
  )

  it('of which nothing is taken is not tried message by message', async () => {
    const ids = Array.from({ length: 64 }, (_, n) => `m${n}`)
    const { target, calls } = targetWithout(...ids)
    const { taken, refused } = await run(target, ids)
    expect(taken).toEqual([])
    expect(refused.map(([id]) => id)).toEqual(ids)
    expect(refused.filter(([, wasTried]) => wasTried)).toEqual([
      ['m0', true],
      ['m1', true],
    ])
    expect(calls.length).toBeLessThan(10)
  })
})

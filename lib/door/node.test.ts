import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { leaveTogether } from './node.ts'

function made() {
  const destroy = vi.fn<() => void>()
  return { destroy, response: { destroy } as unknown as ServerResponse }
}

it('sends what was answered in one turn together, after it', async () => {
  const sent: number[] = []
  for (const each of [1, 2, 3]) leaveTogether(made().response, () => void sent.push(each))
  await Promise.resolve()
  expect(sent).toEqual([])
  await turn()
  expect(sent).toEqual([1, 2, 3])
})

it('destroys a response that cannot be sent, and no other', async () => {
  const [good, thrown, rejected] = [made(), made(), made()]
  leaveTogether(thrown.response, () => {
    throw new Error('the headers are gone already')
  })
  leaveTogether(rejected.response, () => Promise.reject(new Error('it could not be compressed')))
  const send = vi.fn<() => void>()
  leaveTogether(good.response, send)
  await turn()
  await turn()
  expect(send).toHaveBeenCalledOnce()
  expect(thrown.destroy).toHaveBeenCalledOnce()
  expect(rejected.destroy).toHaveBeenCalledOnce()
  expect(good.destroy).not.toHaveBeenCalled()
})

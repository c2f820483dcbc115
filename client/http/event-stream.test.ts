import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEvents, type StreamEvent } from './event-stream.ts'

const TEXT = [
  ': comment\n\n',
  'event: hello\nid: 7\ndata: {"a":1}\n\n',
  'event: change\r\nid: 8\r\ndata: first \ud83d\ude00\r\ndata: second\r\n\r\n',
  'data:no space\n\n',
  'event: lost without an end\n',
].join('')

const EVENTS: StreamEvent[] = [
  { event: 'hello', data: '{"a":1}', id: '7' },
  { event: 'change', data: 'first \ud83d\ude00\nsecond', id: '8' },
  { event: 'message', data: 'no space', id: '8' },
]

it('reads the same events however the bytes arrive', async () => {
  const bytes = new TextEncoder().encode(TEXT)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const at = [0, ...cuts, bytes.length].toSorted((a, b) => a - b)
      async function* pieces() {
        for (const [index, start] of at.entries()) yield bytes.subarray(start, at[index + 1] ?? start)
      }
      const events: StreamEvent[] = []
      let heard = 0
      for await (const event of readEvents(pieces(), () => heard++)) events.push(event)
      expect(events).toEqual(EVENTS)
      expect(heard).toBe(at.length)
    }),
  )
})

import { describe, expect, it } from 'vitest'
import { type ChangeNotice, decodePayload, encodeNews, encodeNotice, isWhole } from './notice.ts'

const notice: ChangeNotice = {
  workspace_id: 'w1',
  revision: 12,
  targets: [{ kind: 'prompt', id: 'p1', name: 'greeting', action: 'prompt.created' }],
  lists: [{ list: 'prompts', label: 'production', category: null }],
}

describe('change notices', () => {
  it('survive the way through NOTIFY', () => {
    expect(decodePayload(encodeNotice(notice))).toEqual(notice)
  })

  it('shrink to the revision when they would not fit into a payload', () => {
    const targets = Array.from({ length: 200 }, (_, n) => ({
      kind: 'prompt',
      id: `p${n}`,
      name: `n${n}`,
      action: 'a',
    }))
    const payload = encodeNotice({ ...notice, targets })
    expect(Buffer.byteLength(payload)).toBeLessThan(8000)
    const decoded = decodePayload(payload)
    expect(decoded).toEqual({ workspace_id: 'w1', revision: 12 })
    expect(decoded && 'revision' in decoded && isWhole(decoded)).toBe(false)
  })

  it('are told from news, which count no revision', () => {
    const news = { workspace_id: 'w1', topic: 'generations' }
    expect(decodePayload(encodeNews(news))).toEqual(news)
  })

  it.each([undefined, '', '{', '[]', '{"revision":"12"}'])('ignore the foreign payload %j', (payload) => {
    expect(decodePayload(payload)).toBeUndefined()
  })
})

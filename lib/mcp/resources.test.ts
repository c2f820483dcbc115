import { describe, expect, it } from 'vitest'
import { parseUri } from './resources.ts'

describe('parseUri', () => {
  it('reads prompts, versions and categories', () => {
    expect(parseUri('prompt://api_design')).toEqual({
      kind: 'prompt',
      name: 'api_design',
      version: undefined,
    })
    expect(parseUri('prompt://a/versions/12')).toEqual({ kind: 'prompt', name: 'a', version: 12 })
    expect(parseUri('category://data')).toEqual({ kind: 'category', slug: 'data' })
  })

  it.each([
    ['PROMPT://pr%5Fenum', 'prompt://pr_enum'],
    ['Prompt://%61%2db/versions/%31', 'prompt://a-b/versions/1'],
    ['CATEGORY://d%61ta', 'category://data'],
  ])('reads %s as %s', (written, plain) => {
    expect(parseUri(written)).toEqual(parseUri(plain))
    expect(parseUri(plain)).toBeDefined()
  })

  it.each([
    'prompt://a%2Fversions%2F1',
    'prompt://%zz',
    'prompt://',
    'prompt://new',
    'prompt://UPPER',
    'prompt://a/versions/0',
    'prompt://a/versions/9999999999',
    'prompt://a/versions/1/x',
    'prompt://../etc/passwd',
    'category://a/b',
    'file:///etc/passwd',
    'http://169.254.169.254/',
  ])('knows nothing of %s', (uri) => {
    expect(parseUri(uri)).toBeUndefined()
  })
})

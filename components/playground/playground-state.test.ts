import { describe, expect, it } from 'vitest'
import {
  columnsOf,
  MOST_COLUMNS,
  playgroundHref,
  readPlaygroundState,
  selectorOf,
} from './playground-state.ts'
import { isEdited, runRequest, type Written } from './run-request.ts'

describe('the address of the playground', () => {
  it('names prompt, version and configurations', async () => {
    const address = playgroundHref({ prompt: 'greet', version: 2, configurations: ['one', 'two'] })
    expect(address).toBe('/playground?prompt=greet&version=2&configurations=one,two')
    const state = await readPlaygroundState(Promise.resolve({ prompt: 'greet', label: '3', version: '2e1' }))
    expect(selectorOf(state)).toEqual({})
    expect(selectorOf({ version: null, label: 'staging' })).toEqual({ label: 'staging' })
  })

  const known = [
    { name: 'echo', isPreferred: false },
    { name: 'gpt', isPreferred: true },
    { name: 'claude', isPreferred: false },
  ]

  it('says which configurations are asked; then memory does, then the server', () => {
    expect(columnsOf(known, ['claude', 'gone', 'claude'], ['gpt'], undefined)).toEqual(['claude'])
    expect(columnsOf(known, [], ['gpt'], undefined)).toEqual([])
    expect(columnsOf(known, null, ['gpt', 'echo'], undefined)).toEqual(['gpt', 'echo'])
    expect(columnsOf(known, null, ['gone'], undefined)).toEqual(['gpt'])
    expect(columnsOf(known.slice(0, 1), null, null, undefined)).toEqual([])
    expect(columnsOf([], null, null, undefined)).toEqual([])
    expect(columnsOf(known, null, null, 'claude')).toEqual(['claude'])
    expect(columnsOf(known, null, ['gpt'], 'claude')).toEqual(['gpt'])
    expect(columnsOf(known, null, null, 'gone')).toEqual(['gpt'])
  })

  it('asks no more than so many', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `c${index}`, isPreferred: false }))
    expect(
      columnsOf(
        many,
        many.map(({ name }) => name),
        null,
        undefined,
      ),
    ).toHaveLength(MOST_COLUMNS)
  })
})

describe('the request of a run', () => {
  const base = {
    content: { kind: 'text' as const, template_content: 'Hello {{ who }}' },
    variables: [{ name: 'who', type: 'string' as const, required: true }],
  }
  const written: Written = {
    prompt: 'greet',
    label: undefined,
    version: 3,
    base,
    content: base.content,
    declared: base.variables,
    variables: base.variables,
  }

  it('names the version, by its label where one chose it', () => {
    expect(runRequest(written, { who: 'Ada' })).toEqual({
      prompt: 'greet',
      version: 3,
      variables: { who: 'Ada' },
    })
    expect(runRequest({ ...written, label: 'staging' }, {})).toEqual({
      prompt: 'greet',
      label: 'staging',
      variables: {},
    })
  })

  it('takes an edited text along, with what it uses', () => {
    const extra = { name: 'mood', type: 'string' as const, required: false }
    const edited: Written = {
      ...written,
      label: 'staging',
      content: { kind: 'text', template_content: 'Hello {{ who }}, {{ mood }}' },
      variables: [...base.variables, extra],
    }
    expect(isEdited(written)).toBe(false)
    expect(isEdited(edited)).toBe(true)
    expect(runRequest(edited, { who: 'Ada', mood: 'glad' })).toEqual({
      prompt: 'greet',
      version: 3,
      variables: { who: 'Ada', mood: 'glad' },
      draft: {
        template_content: 'Hello {{ who }}, {{ mood }}',
        variables: [...base.variables, extra],
      },
    })
  })
})

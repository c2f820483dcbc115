import { describe, expect, it } from 'vitest'
import { BUILT_IN_TOOLS, VersionNumber } from './name.ts'
import { RenderQuery } from './render-schema.ts'
import { CreatePromptInput, CreateVersionInput, CurrentPromptPath, PatchPromptInput } from './schema.ts'

describe('inputs', () => {
  it('case 10: refuse members that are not the caller’s to set', () => {
    for (const key of ['id', 'created_by', 'workspace_id', 'revision', 'labels', 'version', 'role'])
      expect(CreatePromptInput.safeParse({ name: 'a', template_content: 'x', [key]: 1 }).success).toBe(false)
    for (const key of ['id', 'created_by', 'number', 'checksum', 'if_match', 'name'])
      expect(CreateVersionInput.safeParse({ [key]: 1 }).success).toBe(false)
  })

  it('point from a patch of content to versions', () => {
    const parsed = PatchPromptInput.safeParse({ template_content: 'x' })
    expect(parsed.error?.issues[0]?.message).toContain('POST /api/prompts/{name}/versions')
    const other = PatchPromptInput.safeParse({ owner: 'x' })
    expect(other.error?.issues[0]?.message).not.toContain('versions')
  })

  it('carry no defaults: what is left out stays out', () => {
    expect(PatchPromptInput.parse({})).toEqual({})
    expect(CreateVersionInput.parse({})).toEqual({})
  })

  it('keep a path’s name apart from the body’s', () => {
    expect(CurrentPromptPath.parse({ name: 'old' })).toEqual({ current_name: 'old' })
  })
})

describe('the query of a render', () => {
  it('is made of variables, but for _label, _version and _at', () => {
    expect(RenderQuery.parse({ who: 'me', list: ['a', 'b'], _label: 'staging' })).toEqual({
      variables: { who: 'me', list: ['a', 'b'] },
      label: 'staging',
    })
    expect(RenderQuery.parse({ _version: '3', label: 'a variable' })).toEqual({
      variables: { label: 'a variable' },
      version: 3,
    })
    expect(RenderQuery.parse({ _at: '2026-11-01T00:00:00Z', at: 'noon' })).toEqual({
      variables: { at: 'noon' },
      at: '2026-11-01T00:00:00Z',
    })
  })

  it.each([
    { _label: 'Not A Label' },
    { _label: ['a', 'b'] },
    { _version: 'x' },
    { _version: '0' },
    { _at: 'yesterday' },
  ])('refuses %j', (query) => {
    expect(RenderQuery.safeParse(query).success).toBe(false)
  })
})

describe('built-in tools', () => {
  it('have names that a prompt could have, or there would be nothing to refuse', () => {
    for (const tool of BUILT_IN_TOOLS)
      expect(CreatePromptInput.safeParse({ name: tool, template_content: 'x' }).success).toBe(true)
  })
})

describe('the number of a version', () => {
  it.each([1, '1', 42, '2147483647'])('reads %j as a version', (given) => {
    expect(VersionNumber.parse(given)).toBe(Number(given))
  })

  it.each([true, null, '', ' 1', '1e3', '01', 0, -1, 1.5, '2147483648', [1]])(
    'refuses %j as a version',
    (given) => {
      expect(VersionNumber.safeParse(given).success).toBe(false)
    },
  )
})

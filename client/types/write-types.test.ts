import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'
import type { Variable } from '../public.ts'
import { pythonTypes, typeScriptTypes } from './write-types.ts'

const variable = (name: string, more: Partial<Variable> = {}): Variable => ({
  name,
  type: 'string',
  required: true,
  ...more,
})

const PROMPTS = [
  {
    name: 'b-prompt',
    description: 'Ends */ a\ncomment',
    variables: [
      variable('from'),
      variable('n', { type: 'integer', required: false, description: 'How many' }),
      variable('kind', { type: 'enum', enum: ['a"b', 'c'] }),
      variable('history', { type: 'messages', required: false }),
    ],
  },
  { name: 'a_prompt', description: '', variables: [] },
  { name: 'a-prompt', description: '', variables: [variable('x', { type: 'object' })] },
  { name: '2nd', description: '', variables: [variable('x', { type: 'array' })] },
]

it('writes a table for TypeScript', () => {
  const text = typeScriptTypes(PROMPTS)
  expect(text).toContain('  /** Ends * / a comment */\n  "b-prompt": {\n    from: string\n')
  expect(text).toContain('    /** How many */\n    n?: number\n    kind: "a\\"b" | "c"\n')
  expect(text).toContain('  "a_prompt": Record<string, never>\n')
  expect(() => stripTypeScriptTypes(text)).not.toThrow()
})

it('writes dictionaries for Python, under names that differ', () => {
  const text = pythonTypes(PROMPTS)
  expect(text).toContain(
    '# Ends */ a comment\nBPrompt = TypedDict("BPrompt", {\n    "from": str,\n    "n": NotRequired[int],\n',
  )
  expect(text).toContain('    "kind": Literal["a\\"b", "c"],\n')
  for (const row of ['"a-prompt": APrompt,', '"a_prompt": APrompt2,', '"2nd": Prompt2nd,'])
    expect(text).toContain(`    ${row}\n`)
})

it('leaves the words of Python and its own names alone', () => {
  const names = ['none', 'true', 'any', 'literal', 'typed_dict', 'not_required']
  const text = pythonTypes(names.map((name) => ({ name, description: '', variables: [] })))
  const classes = [...text.matchAll(/^(\w+) = TypedDict\(/gm)].map(([, name]) => name)
  expect(classes).toEqual(['Any2', 'Literal2', 'None2', 'NotRequired2', 'True2', 'TypedDict2'])
})

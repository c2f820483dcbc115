import { describe, expect, it } from 'vitest'
import { errorOf, renderText, textContent } from '../../prompts/template/testing.ts'
import { compilePrompt, renderPrompt } from '../../prompts/template.ts'

function hintOf(text: string, values: Record<string, unknown>): string | undefined {
  const compiled = compilePrompt({ content: textContent(text), variables: [], includes: new Map() })
  return errorOf(() => renderPrompt(compiled, values)).details[0]?.hint
}

describe('a value for what the text holds as plain text', () => {
  it.each(['{question}', '${question}', '$question', '%(question)s', '[[question]]', '<question>'])(
    '%s',
    (written) => {
      expect(hintOf(`Answer ${written}.`, { question: 'w' })).toBe(
        `It has no variables. The text has ${written}, which is plain text here; a variable is written {{ question }}`,
      )
    },
  )

  it('is told nothing more where the text does not hold the name', () => {
    expect(hintOf('Answer {question}.', { other: 'w' })).toBe('It has no variables')
  })
})

describe('a variable that is only written as JSON', () => {
  it.each([
    [{ a: 1 }, '{"a":1}'],
    [[1, 'b'], '[1,"b"]'],
    ['text', '"text"'],
    ['{"a":1}', '"{\\"a\\":1}"'],
  ])('takes %j', (d, rendered) => {
    expect(renderText('{{ d | json }}', { d })).toBe(rendered)
    expect(renderText('{% if d %}{{ d | json: 0 }}{% endif %}', { d })).toBe(rendered)
  })

  it.each(['{{ d | json }}{{ d }}', '{{ d | upcase | json }}', '{% if d == "a" %}{% endif %}{{ d }}'])(
    'is a text where it is used as one, too: %s',
    (text) => {
      expect(errorOf(() => renderText(text, { d: { a: 1 } })).details[0]?.message).toBe('d must be a string')
    },
  )

  it('keeps to what its declaration allows', () => {
    const variables = [{ name: 'd', type: 'string' as const, required: true, enum: ['a'] }]
    expect(errorOf(() => renderText('{{ d | json }}', { d: ['a'] }, { variables })).code).toBe(
      'unprocessable',
    )
  })
})

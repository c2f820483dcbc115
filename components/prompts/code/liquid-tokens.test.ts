import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scan } from '#lib/liquid/scan.ts'
import { threadMs } from '#lib/testing/time/processor-time.ts'
import { liquidTokens, tokenLines } from './liquid-tokens.ts'

const names = new Set(['topic', 'items'])
const kinds = (text: string) => liquidTokens(text, names).map(({ kind, text: part }) => `${kind}:${part}`)

describe('liquidTokens', () => {
  it('tells a variable from its filters and their arguments', () => {
    expect(kinds('On {{- topic | append: "}" }}.')).toEqual([
      'text:On ',
      'mark:{{-',
      'other: ',
      'variable:topic',
      'other: | ',
      'word:append',
      'other:: ',
      'string:"}"',
      'other: ',
      'mark:}}',
      'text:.',
    ])
  })

  it('ends an output where the template engine does: not within quotes', () => {
    expect(kinds('{{ topic | append: "}}" }}.')).toContain('string:"}}"')
    for (const text of [
      '{{ topic | append: "}}" }} then {{ items }}',
      '{{ topic | append: \'}}\' | append: "\\"}}" }} then {{ items }}',
      '{{ "{{" }}{{ items }}',
    ]) {
      const tokens = liquidTokens(text, names)
      const outputs = scan(text, 5_000).flatMap((mark) => (mark.mark === 'output' ? [mark.end] : []))
      const ends: number[] = []
      let at = 0
      for (const { kind, text: part } of tokens) {
        at += part.length
        if (kind === 'mark' && part.endsWith('}}')) ends.push(at)
      }
      expect(ends).toEqual(outputs)
    }
  })

  it('colours what follows a quote that is still open', () => {
    expect(kinds('{{ topic | append: "x }} and {{ items }}')).toContain('variable:items')
  })

  it('names the tag, and colours declared variables alone', () => {
    expect(kinds('{% for item in items %}').filter((token) => !token.startsWith('other: '))).toEqual([
      'mark:{%',
      'word:for',
      'other:item',
      'word:in',
      'variable:items',
      'mark:%}',
    ])
  })

  it('leaves what is raw or a comment as it is', () => {
    expect(kinds('{% raw %}{{ topic }}{% endraw %}')).toContain('text:{{ topic }}')
    expect(kinds('{% comment %}{{ topic }}{% endcomment %}')).toContain('comment:{{ topic }}')
  })

  it('takes JSON braces, < and & for text', () => {
    expect(kinds('{"a": {"b": 1}} < & }')).toEqual(['text:{"a": {"b": 1}} < & }'])
  })

  it('loses nothing, whatever it is given', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '-',
      ' raw ',
      'endraw',
      'topic',
      '"',
      "'",
      '|',
      '\n',
      'x',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const tokens = liquidTokens(text, names)
          expect(tokens.map((token) => token.text).join('')).toBe(text)
          expect(
            tokenLines(tokens)
              .map((line) => line.map((token) => token.text).join(''))
              .join('\n'),
          ).toBe(text)
        },
      ),
    )
  })

  it('takes time in proportion to the text', () => {
    expect(threadMs(() => liquidTokens('{{ '.repeat(80_000), names), 1_000)).toBeLessThan(1_000)
  })
})

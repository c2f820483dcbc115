import { expect, it } from 'vitest'
import { looksLikeMarkdown } from './looks-like-markdown.ts'

it.each([
  ['a heading', '# Refunds\nWithin a week.'],
  ['a heading further down', 'Here it is.\n\n### Refunds\n\nWithin a week.'],
  ['an underlined heading', 'Refunds\n=======\nWithin a week.'],
  ['a table', 'As asked:\n\n| City | People |\n|------|-------:|\n| Bern | 134 |'],
  ['a table without outer bars', 'City | People\n--- | ---\nBern | 134'],
  ['bullets', 'Take:\n- flour\n- salt'],
  ['bullets with stars and gaps', '* flour\n\n* salt'],
  ['numbers', 'First this:\r\n1. Mix\r\n2. Bake'],
  ['a fence', 'Run it:\n```sh\nls\n```'],
  ['a fence that was cut off', 'Run it:\n~~~\nls'],
])('an answer with %s reads better laid out', (_, text) => {
  expect(looksLikeMarkdown(text)).toBe(true)
})

it.each([
  ['words', 'Good day.\nIt is late.'],
  ['nothing', ''],
  ['one dash', 'So it was\n- he said.\nThe end.'],
  ['numbers below zero', '-5\n-7\n-9'],
  ['years and sums', '1999. That year\n2 + 3 = 5\n2024. This one'],
  ['JSON', '{\n  "a": ["b", "c"]\n}'],
  ['a tag', '#winter is here\n#summer is not'],
  ['a shebang', '#!/bin/sh\nls | wc'],
  ['bars', 'ls | wc\ncat a | sort'],
  ['bars above a line', 'ls | wc\n-----\nThe end'],
  ['code in a line', 'Write ```x``` here.'],
])('an answer with %s does not', (_, text) => {
  expect(looksLikeMarkdown(text)).toBe(false)
})

it('takes a long answer line by line, whatever it is made of', () => {
  const long = [' | - '.repeat(20_000), `${'-'.repeat(90_000)}x`, '\n'.repeat(90_000), '| '.repeat(45_000)]
  for (const text of long) expect(looksLikeMarkdown(`a${text}`)).toBe(false)
})

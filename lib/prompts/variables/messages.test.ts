import { describe, expect, it } from 'vitest'
import { readMessages } from './messages.ts'

describe('readMessages', () => {
  it.each([
    'Hello',
    '[draft] hello',
    '[{name}] hello',
    '{name}: hello',
    '{"a": 1} is JSON. Why?',
    '{"a": 1}',
    '{"role": "admin"}',
    '{"content": "x"}',
    '{{ x }}',
    '[',
    '{',
    '[link](https://a.b) {"role"',
    '1. [{"role":"user"}]',
  ])('takes a plain text as a message of the user: %s', (text) => {
    expect(readMessages(text)).toEqual({ value: [{ role: 'user', content: text }] })
  })

  it.each([
    '[]',
    '',
    ' [] ',
    ' [{"role":"user","content":"a"}]\n',
    '\uFEFF[{"role":"user","content":"a"}]',
    '[{"role":"assistant","content":[{"type":"text","text":"a"}]}]',
  ])('takes JSON text of a list as the list: %j', (text) => {
    const read = readMessages(text)
    expect(read).toHaveProperty('value')
    expect(JSON.stringify(read)).not.toContain('\\"')
  })

  it.each([
    ['[{"role":"user","content":"hi"},]', /is no JSON/],
    ['[{"role":"user"', /is no JSON/],
    ['[{', /is no JSON/],
    ['[ { "role": "user", "content": "a" } ', /is no JSON/],
    ["[{'role': 'user', 'content': 'hi'}]", /is no JSON/],
    ['[{role: "user", content: "hi"}]', /is no JSON/],
    ['[{}, ', /is no JSON/],
    ['{"role":"user","content":"hi"', /is no JSON/],
    ["{'role': 'user'}", /is no JSON/],
    ['{"messages":[{"role":"user"', /is no JSON/],
    ['{"role":"user","content":"hi"}', /one message alone/],
    ['{"content":"hi","role":"assistant"}', /one message alone/],
    ['{"messages":[{"role":"user","content":"hi"}]}', /the list alone/],
    ['["hi"]', /number 1/],
    ['[{"role":"user","content":"hi"},{"role":"user"}]', /number 2/],
  ])('refuses what was meant as messages and is none: %s', (text, words) => {
    expect(readMessages(text)).toEqual({ problem: expect.stringMatching(words) })
  })
})
